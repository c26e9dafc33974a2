"""Workshops: what both sides need, written on phones, put together, voted on and turned into clauses.

Who wrote or voted what stands nowhere. A note and a dot bear no person, device or time, and an id that says nothing of
their order; they are kept under a mark that only the device can make again
(:func:`baton.agreements.rules.workshops.slots`).
When the workshop is closed the marks and the devices are destroyed and the notes are written anew in another order.
Therefore these rows have no entries of the trail of their own; the entry of the closing has their counts and digest.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from baton.agreements.models.agreements import SIDES, AgreementVersion
from baton.agreements.models.clauses import Clause
from baton.agreements.models.labels import NOTE, SIDE
from baton.agreements.models.offers import OfferVersion, ServiceOffer
from baton.agreements.rules.limits import NOTE_LENGTH
from baton.agreements.rules.workshops import (
    CLUSTER_NAME,
    DOTS,
    DOTS_RANGE,
    MINUTES,
    NOTE_TEXT,
    Fate,
    Stage,
)
from baton.core.ids import ALPHABET, new_public_id
from baton.core.models.records import Record

if TYPE_CHECKING:
    from baton.chain.models import Link, Output, Party

STAGES = {
    Stage.JOIN: pgettext_lazy("stage of a workshop", "Come in"),
    Stage.CUSTOMER: pgettext_lazy("stage of a workshop", "Receivers write"),
    Stage.SUPPLIER: pgettext_lazy("stage of a workshop", "Suppliers write"),
    Stage.CLUSTER: pgettext_lazy("stage of a workshop", "Put together"),
    Stage.VOTE: pgettext_lazy("stage of a workshop", "Vote"),
    Stage.CLAUSES: pgettext_lazy("stage of a workshop", "Turn into clauses"),
    Stage.CLOSED: pgettext_lazy("stage of a workshop", "Closed"),
}
TOKEN_LENGTH = 24
CODE_LENGTH = 8


def secret_digest(secret: str) -> str:
    """HMAC-SHA-256 of a token, code or seat under the installation's secret key: what the database knows of it."""
    return salted_hmac("baton.agreements.workshops", secret, algorithm="sha256").hexdigest()


def _side(help_text: object) -> models.CharField[str, str]:
    return models.CharField(
        SIDE, max_length=8, choices=[(side.value, label) for side, label in SIDES.items()],
        help_text=help_text,  # type: ignore[arg-type]
    )  # fmt: skip


def _id() -> models.CharField[str, str]:
    return models.CharField(
        _("public id"), max_length=16, primary_key=True, default=new_public_id, editable=False,
        help_text=_("Random id; it says nothing about order."),
    )  # fmt: skip


def _votes() -> models.PositiveIntegerField[int, int]:
    return models.PositiveIntegerField(
        _("dots"), default=0, editable=False, help_text=_("Dots that it got; counted when the workshop was closed.")
    )


def _count(label: object, help_text: object) -> models.PositiveIntegerField[int | None, int | None]:
    return models.PositiveIntegerField(label, null=True, editable=False, help_text=help_text)  # type: ignore[arg-type]


class Workshop(Record):
    """A workshop about a version of an agreement; or about one of a service offer, to which then all its customers
    come. What its stage means: :class:`baton.agreements.rules.workshops.Stage`.

    Its address and its code follow from the installation's secret key and ``door``; the database knows digests only.
    """

    kind = "workshop"
    secret = frozenset({"token_digest", "code_digest"})
    units: ClassVar[dict[str, str]] = {
        "minutes": "min", "door": "1", "revision": "1",
        **dict.fromkeys(
            ("dots", "invited_supplier", "invited_customer", "joined_supplier", "joined_customer", "wrote_supplier",
             "wrote_customer", "voted_supplier", "voted_customer"), "1",
        ),
    }  # fmt: skip

    number = models.CharField(
        _("number"), max_length=16, unique=True, editable=False, help_text=_("Spoken number, such as W-2026-0001.")
    )
    version = models.ForeignKey(
        AgreementVersion, on_delete=models.PROTECT, null=True, related_name="workshops", verbose_name=_("version"),
        help_text=_("Whose clauses come out of it; empty: those of a service offer."),
    )  # fmt: skip
    offer_version = models.ForeignKey(
        OfferVersion, on_delete=models.PROTECT, null=True, related_name="workshops",
        verbose_name=_("version of the service offer"),
        help_text=_("Whose clauses come out of it; empty: those of an agreement."),
    )  # fmt: skip
    stage = models.CharField(
        pgettext_lazy("of a workshop", "stage"), max_length=10, default=Stage.JOIN,
        choices=[(stage.value, label) for stage, label in STAGES.items()], help_text=_("How far it has come."),
    )  # fmt: skip
    minutes = models.PositiveSmallIntegerField(_("time box"), default=MINUTES, help_text=_("How long it may take."))
    dots = models.PositiveSmallIntegerField(_("dots"), default=DOTS, help_text=_("How many each participant lays."))
    everybody_sorts = models.BooleanField(
        _("everybody puts notes together"), default=False, help_text=_("Also participants put notes together.")
    )
    invited_supplier = models.PositiveIntegerField(
        _("invited of the supplier"), default=0, help_text=_("How many of the supplier’s staff were asked to come.")
    )
    invited_customer = models.PositiveIntegerField(
        _("invited of the customer"), default=0, help_text=_("How many of the customer’s staff were asked to come.")
    )
    led_by = models.ForeignKey(
        "core.Person", on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("led by"),
        help_text=_("Who began it; empty: Baton itself."),
    )  # fmt: skip
    began_at = models.DateTimeField(
        _("clock began"), null=True, editable=False, help_text=_("When the time box began; empty: not yet.")
    )
    stage_began_at = models.DateTimeField(_("stage began"), editable=False, help_text=_("When it came into its stage."))
    expires_at = models.DateTimeField(_("expires at"), help_text=_("After this its address and code open nothing."))
    closed_at = models.DateTimeField(
        _("closed at"), null=True, editable=False, help_text=_("When it was over; empty: it is not.")
    )
    door = models.PositiveSmallIntegerField(
        _("address number"), default=1, editable=False, help_text=_("1 for the first address and code, 2 for the next.")
    )
    token_digest = models.CharField(
        _("digest of the address"), max_length=64, unique=True, editable=False,
        help_text=_("HMAC-SHA-256 of what stands in the address."),
    )  # fmt: skip
    code_digest = models.CharField(
        _("digest of the code"), max_length=64, unique=True, editable=False, help_text=_("HMAC-SHA-256 of the code.")
    )
    revision = models.PositiveIntegerField(
        _("revision"), default=0, editable=False, help_text=_("Counts what happened in it; phones ask for it.")
    )
    joined_supplier = _count(_("joined, supplier"), _("How many of the supplier took part; empty: it is not closed."))
    joined_customer = _count(_("joined, customer"), _("How many of the customer took part; empty: it is not closed."))
    wrote_supplier = _count(_("wrote, supplier"), _("How many of them wrote a note."))
    wrote_customer = _count(_("wrote, customer"), _("How many of them wrote a note."))
    voted_supplier = _count(_("voted, supplier"), _("How many of them laid a dot."))
    voted_customer = _count(_("voted, customer"), _("How many of them laid a dot."))
    minutes_digest = models.CharField(
        _("digest of the minutes"), max_length=64, blank=True, editable=False,
        help_text=_("SHA-256 of notes, clusters and votes as it was closed."),
    )  # fmt: skip

    class Meta:
        verbose_name = _("workshop")
        verbose_name_plural = _("workshops")
        constraints = (
            models.UniqueConstraint(
                fields=["version"], condition=Q(closed_at__isnull=True), name="agreements_one_workshop_at_a_time"
            ),
            models.UniqueConstraint(
                fields=["offer_version"], condition=Q(closed_at__isnull=True),
                name="agreements_one_workshop_of_an_offer",
            ),
            models.CheckConstraint(
                condition=Q(version__isnull=True) ^ Q(offer_version__isnull=True),
                name="agreements_workshop_about_one_text",
            ),
            models.CheckConstraint(
                condition=Q(stage=Stage.CLOSED, closed_at__isnull=False, joined_supplier__isnull=False)
                | (~Q(stage=Stage.CLOSED) & Q(closed_at__isnull=True, joined_supplier__isnull=True)),
                name="agreements_workshop_closed_with_figures",
            ),
            models.CheckConstraint(
                condition=Q(dots__gte=DOTS_RANGE.start, dots__lt=DOTS_RANGE.stop), name="agreements_workshop_dots"
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return self.number

    @property
    def text(self) -> AgreementVersion | OfferVersion:
        """About what it is."""
        found = self.version or self.offer_version
        assert found is not None  # a constraint of the database
        return found

    @property
    def _handed_over(self) -> Link | ServiceOffer:
        """The link or the service offer: both say who hands over what."""
        found = self.text
        return found.offer if isinstance(found, OfferVersion) else found.agreement.link

    @property
    def supplier(self) -> Party:
        """Who hands over what it is about."""
        return self._handed_over.supplier

    @property
    def output(self) -> Output:
        """What is handed over."""
        return self._handed_over.output

    @property
    def customer(self) -> Party | None:
        """Who gets it; None: all customers of a service offer."""
        return self.version.agreement.link.customer if self.version is not None else None

    def token(self) -> str:
        """What stands in its address now."""
        return self._derived("token", TOKEN_LENGTH)

    def code(self) -> str:
        """The code that is typed in place of the address, in two groups."""
        raw = self._derived("code", CODE_LENGTH)
        return f"{raw[:4]}-{raw[4:]}"

    def _derived(self, purpose: str, length: int) -> str:
        salt = f"baton.agreements.workshops.{purpose}"
        number = int.from_bytes(salted_hmac(salt, f"{self.public_id}:{self.door}", algorithm="sha256").digest(), "big")
        found = ""
        for _place in range(length):
            number, digit = divmod(number, len(ALPHABET))
            found += ALPHABET[digit]
        return found

    def fate(self, at: datetime) -> Fate:
        """What somebody who comes to its address finds."""
        if self.closed_at is not None:
            return Fate.CLOSED
        return Fate.EXPIRED if at >= self.expires_at else Fate.OPEN


class WorkshopSeat(models.Model):
    """A device that takes part: its side, and whether it wrote and voted at all. Gone when the workshop is closed."""

    workshop = models.ForeignKey(
        Workshop, on_delete=models.PROTECT, related_name="seats", verbose_name=_("workshop"), help_text=_("In which.")
    )
    secret_digest = models.CharField(
        _("digest of the device"), max_length=64, unique=True, editable=False,
        help_text=_("HMAC-SHA-256 of a random text that only the device has."),
    )  # fmt: skip
    side = _side(_("For which side it takes part."))
    wrote = models.BooleanField(_("wrote"), default=False, help_text=_("Whether it wrote a note."))
    voted = models.BooleanField(_("voted"), default=False, help_text=_("Whether it laid a dot."))

    class Meta:
        verbose_name = _("device in a workshop")
        verbose_name_plural = _("devices in workshops")

    def __str__(self) -> str:
        return self.side


class WorkshopCluster(models.Model):
    """Notes that say the same, under one name."""

    units: ClassVar[dict[str, str]] = {"votes": "1"}

    public_id = _id()
    workshop = models.ForeignKey(
        Workshop,
        on_delete=models.PROTECT,
        related_name="clusters",
        verbose_name=_("workshop"),
        help_text=_("In which."),
    )
    name = models.CharField(_("name"), max_length=CLUSTER_NAME, help_text=_("What its notes say together."))
    votes = _votes()

    class Meta:
        verbose_name = _("cluster of a workshop")
        verbose_name_plural = _("clusters of workshops")

    def __str__(self) -> str:
        return self.name


class WorkshopNote(models.Model):
    """What somebody of one side wrote; nobody can say who."""

    units: ClassVar[dict[str, str]] = {"votes": "1"}

    public_id = _id()
    workshop = models.ForeignKey(
        Workshop, on_delete=models.PROTECT, related_name="notes", verbose_name=_("workshop"), help_text=_("In which.")
    )
    side = _side(_("Of which side it is."))
    words = models.CharField(
        _("words"), max_length=NOTE_TEXT, blank=True, help_text=_("What is needed; empty: it was taken out.")
    )
    cluster = models.ForeignKey(
        WorkshopCluster, on_delete=models.PROTECT, null=True, related_name="notes", verbose_name=_("cluster"),
        help_text=_("With which others it was put together; empty: it stands alone."),
    )  # fmt: skip
    slot = models.CharField(
        _("mark"), max_length=64, unique=True, editable=False,
        help_text=_("By which its device knows it; one of chance once the workshop is closed."),
    )  # fmt: skip
    votes = _votes()
    taken_out_because = models.CharField(
        _("why it was taken out"), max_length=NOTE_LENGTH, blank=True,
        help_text=_("Such as: names a patient; its words are destroyed then. Empty: it was not."),
    )  # fmt: skip

    class Meta:
        verbose_name = _("note of a workshop")
        verbose_name_plural = _("notes of workshops")
        constraints = (
            models.CheckConstraint(
                condition=(Q(words="") & ~Q(taken_out_because="")) | (~Q(words="") & Q(taken_out_because="")),
                name="agreements_note_says_something",
            ),
        )

    def __str__(self) -> str:
        return self.words


class WorkshopVote(models.Model):
    """A dot on a cluster, or on a note that stands alone. Its mark is one of the few that a device can make, and taken
    once: nobody lays more dots than he has. Gone when the workshop is closed, and counted."""

    slot = models.CharField(
        _("mark"), max_length=64, primary_key=True, editable=False, help_text=_("By which its device knows it.")
    )
    workshop = models.ForeignKey(
        Workshop, on_delete=models.PROTECT, related_name="dots_laid", verbose_name=_("workshop"),
        help_text=_("In which."),
    )  # fmt: skip
    cluster = models.ForeignKey(
        WorkshopCluster, on_delete=models.CASCADE, null=True, related_name="dots_laid", verbose_name=_("cluster"),
        help_text=_("On what; empty: on a note."),
    )  # fmt: skip
    note = models.ForeignKey(
        WorkshopNote, on_delete=models.CASCADE, null=True, related_name="dots_laid", verbose_name=NOTE,
        help_text=_("On what; empty: on a cluster."),
    )  # fmt: skip

    class Meta:
        verbose_name = _("dot of a workshop")
        verbose_name_plural = _("dots of workshops")
        constraints = (
            models.CheckConstraint(
                condition=Q(cluster__isnull=True, note__isnull=False) | Q(cluster__isnull=False, note__isnull=True),
                name="agreements_dot_on_one_thing",
            ),
        )

    def __str__(self) -> str:
        return self.slot


class ClauseOrigin(Record):
    """Where in a workshop a clause comes from."""

    kind = "clause_origin"

    workshop = models.ForeignKey(
        Workshop, on_delete=models.PROTECT, related_name="origins", verbose_name=_("workshop"), help_text=_("In which.")
    )
    clause = models.OneToOneField(
        Clause, on_delete=models.PROTECT, related_name="origin", verbose_name=_("clause"),
        help_text=_("What it was turned into."),
    )  # fmt: skip
    # The notes are written anew when the workshop is closed, under their ids: the database looks at the end.
    cluster = models.ForeignKey(
        WorkshopCluster, on_delete=models.DO_NOTHING, null=True, related_name="origins", verbose_name=_("cluster"),
        help_text=_("From what; empty: from a note."),
    )  # fmt: skip
    note = models.ForeignKey(
        WorkshopNote, on_delete=models.DO_NOTHING, null=True, related_name="origins", verbose_name=NOTE,
        help_text=_("From what; empty: from a cluster."),
    )  # fmt: skip

    class Meta:
        verbose_name = _("origin of a clause")
        verbose_name_plural = _("origins of clauses")
        constraints = (
            models.CheckConstraint(
                condition=Q(cluster__isnull=True, note__isnull=False) | Q(cluster__isnull=False, note__isnull=True),
                name="agreements_origin_is_one_thing",
            ),
        )

    def __str__(self) -> str:
        return str(self.clause)
