"""Tables of the agreements."""

from baton.agreements.models.agreements import Agreement, AgreementVersion
from baton.agreements.models.certificates import Certificate
from baton.agreements.models.clauses import Clause
from baton.agreements.models.guarantees import Guarantee, GuaranteeCall
from baton.agreements.models.house_fillings import HouseFilling
from baton.agreements.models.leaders import Fulfilment, LeaderPromise, PromiseSeen
from baton.agreements.models.offers import OfferVersion, ServiceOffer, ServiceStep
from baton.agreements.models.plans import Confirmation, PlanEdition, PlanGoal, PlanItem, QualityPlan
from baton.agreements.models.qfd import House, HouseCharacteristic, HouseNeed, Relation, Roof
from baton.agreements.models.reviews import AgendaItem, Decision, MeetingPerson, ReviewMeeting
from baton.agreements.models.rounds import Acceptance, ConsultationRule, Invitation, Opinion
from baton.agreements.models.training import Training
from baton.agreements.models.workshops import (
    ClauseOrigin,
    Workshop,
    WorkshopCluster,
    WorkshopNote,
    WorkshopSeat,
    WorkshopVote,
)

__all__ = [
    "Acceptance",
    "AgendaItem",
    "Agreement",
    "AgreementVersion",
    "Certificate",
    "Clause",
    "ClauseOrigin",
    "Confirmation",
    "ConsultationRule",
    "Decision",
    "Fulfilment",
    "Guarantee",
    "GuaranteeCall",
    "House",
    "HouseCharacteristic",
    "HouseFilling",
    "HouseNeed",
    "Invitation",
    "LeaderPromise",
    "MeetingPerson",
    "OfferVersion",
    "Opinion",
    "PlanEdition",
    "PlanGoal",
    "PlanItem",
    "PromiseSeen",
    "QualityPlan",
    "Relation",
    "ReviewMeeting",
    "Roof",
    "ServiceOffer",
    "ServiceStep",
    "Training",
    "Workshop",
    "WorkshopCluster",
    "WorkshopNote",
    "WorkshopSeat",
    "WorkshopVote",
]
