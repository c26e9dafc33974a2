"""Tables of the agreements."""

from baton.agreements.models.agreements import Agreement, AgreementVersion
from baton.agreements.models.certificates import Certificate
from baton.agreements.models.clauses import Clause
from baton.agreements.models.guarantees import Guarantee, GuaranteeCall
from baton.agreements.models.offers import OfferVersion, ServiceOffer, ServiceStep
from baton.agreements.models.qfd import House, HouseCharacteristic, HouseNeed, Relation, Roof
from baton.agreements.models.rounds import Acceptance, Invitation, Opinion

__all__ = [
    "Acceptance",
    "Agreement",
    "AgreementVersion",
    "Certificate",
    "Clause",
    "Guarantee",
    "GuaranteeCall",
    "House",
    "HouseCharacteristic",
    "HouseNeed",
    "Invitation",
    "OfferVersion",
    "Opinion",
    "Relation",
    "Roof",
    "ServiceOffer",
    "ServiceStep",
]
