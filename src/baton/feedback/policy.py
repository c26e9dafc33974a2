"""Who may see and do what with surveys. Default deny: what no function here allows is refused.

==========================  =========================  ===============================  =============================
who                         prepares, opens, closes    sees waves (not their answers)   reads sheets, passes comments
==========================  =========================  ===============================  =============================
quality manager             all, and plans             all                              comments, where no collector
director, auditor           none                       all                              never
outside collector           none                       his                              of his, once published
whoever is asked            none                       that he is asked                 never
anybody else                none                       none                             never
==========================  =========================  ===============================  =============================

To hand in a sheet of an anonymous wave nobody needs a right but its token, and no right of anybody opens the urn of an
open wave: its key leaves the file in which it lies only when the wave closes. A named wave is answered, signed in, by
who is asked.

Findings about parties in sight are read by everybody inside; who leads the supplier answers them, as does the quality
manager. A wave about suppliers who owe answers opens only with the director's signature.

What an employee needs to serve his customer well is read by him, by the quality manager and, where it is addressed to
the head, by whoever leads his department, or one above it, with everything. Who addresses the quality manager is not
read by his head. Director, auditor, human resources, administrators and colleagues read none of it; figures of needs,
each of five or more, are read by director and auditor too, and by heads those of their departments.

Feedback that somebody tells is read by the quality manager, by whoever leads with everything the party that it is about
or with which it lies, by who told it signed in or took it from somebody, and by who is thanked for it. Director and
auditor read it too, but neither names nor how to reach anybody; nor does who is thanked. Who leads the party with which
it lies owes the outcome, where that is nobody the quality manager. Without a sign-in anybody tells something on a page
that the quality manager has opened for a party or link, and reads nothing there.

A talk between an employee and a confidant is read by these two. No role leads to it: for everybody else there is none.

Of the answers of an anonymous wave everybody, whatever his role, reads what was published and nothing else. Results of
a link are read by who sees the link (:mod:`baton.chain.policy`), those of the whole wave by who sees waves.

Complaints, of customers inside and outside, are entered by everybody inside. The case is read by who took it down, who
is asked to look into it, who belongs to its supplier or its customer, quality manager, director and auditor; a guest
reads what his own party complains of. The customer's name, number, telephone and e-mail are read by who handles it
alone: who took it down, the person in charge, who leads the supplier, and the quality manager; director and auditor do
not read them. The cause is signed by the person in charge, who leads the supplier or the quality manager; the
disposition by somebody else, who leads the supplier, or the quality manager. The customer's data are destroyed by the
quality manager, and by Baton three years after the complaint was over.

Grades that heads give departments bear names and have nothing to do with any wave. While a round is open a grade is
read by who speaks for the customer that gives it; once it is closed also by who leads the department graded, quality
manager and director, and by nobody else. Who reads the audit trail reads it there, as all that happened. Who is
to see to what a reply promises reads the promise and says that it is done; for that he reads neither the grade nor who
gave it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from baton.agreements.policy import belongs_to, speaks_for
from baton.agreements.rules import Side
from baton.chain.rules import Scope
from baton.core.actors import Actor
from baton.core.policy import may_use
from baton.core.rules import Role
from baton.feedback.rules.needs import Addressee
from baton.feedback.rules.waves import WaveState

if TYPE_CHECKING:
    from baton.chain.models import Link, Party
    from baton.chain.policy import Standing
    from baton.feedback.models import Complaint, Confidant, EmployeeNeed, FeedbackItem, Wave

_SEE = (Role.QUALITY_MANAGER, Role.DIRECTOR, Role.AUDITOR)


def may_write_questionnaires(actor: Actor) -> bool:
    """Write questionnaires and end them."""
    return actor.has(Role.QUALITY_MANAGER)


def may_read_questionnaires(actor: Actor) -> bool:
    """Read all questionnaires: anybody inside may know what is asked."""
    return may_use(actor)


def may_run_waves(actor: Actor) -> bool:
    """Prepare waves, say who is asked, open and close them. Baton itself closes those whose time is over."""
    return actor.is_system or actor.has(Role.QUALITY_MANAGER)


def may_see_waves(actor: Actor) -> bool:
    """See all waves: what is asked, of whom, how far they have come."""
    return actor.is_system or actor.has(*_SEE)


def may_keep_plans(actor: Actor) -> bool:
    """Say that a questionnaire is asked again and again, what its results are to reach, and end it."""
    return actor.has(Role.QUALITY_MANAGER)


def may_see_plans(actor: Actor) -> bool:
    """See the plans by which surveys come again: who sees all waves."""
    return may_see_waves(actor)


def may_see_wave(actor: Actor, wave: Wave) -> bool:
    """See one wave: who sees all, and its collector."""
    return may_see_waves(actor) or is_collector(actor, wave)


def is_collector(actor: Actor, wave: Wave) -> bool:
    """Whether he runs this wave from outside."""
    return actor.person is not None and wave.collector_id == actor.person.pk


def may_read_sheets(actor: Actor, wave: Wave) -> bool:
    """Read the sheets of a wave, without names: its outside collector, once it is published and they have lost what
    would name somebody. Nobody inside ever does."""
    return is_collector(actor, wave) and wave.state == WaveState.PUBLISHED


def may_pass_comments(actor: Actor, wave: Wave) -> bool:
    """Read comments before they are shown, pass and withhold them: the outside collector, or, where there is none, the
    quality manager."""
    if wave.collector_id is not None:
        return is_collector(actor, wave)
    return actor.has(Role.QUALITY_MANAGER) and not actor.is_system


def may_predict(standing: Standing, link: Link) -> bool:
    """Say how a link will be rated: who speaks for its supplier."""
    return Side.SUPPLIER in speaks_for(standing, link)


def may_be_quiet(actor: Actor) -> bool:
    """Ask not to be asked for a time: everybody for himself."""
    return may_use(actor) and actor.person is not None


def may_answer_named(actor: Actor, *, invited: bool) -> bool:
    """Fill in the sheet of a named wave: whoever is asked himself."""
    return actor.person is not None and invited


def may_read_findings(actor: Actor) -> bool:
    """Read what waves found about parties in sight, and what was answered: everybody inside, because everybody may have
    said it."""
    return may_use(actor)


def may_add_findings(actor: Actor) -> bool:
    """Enter a finding by hand, such as one that many comments name."""
    return actor.has(Role.QUALITY_MANAGER)


def may_answer_finding(standing: Standing, supplier: Party) -> bool:
    """Say what is done about a finding, or why nothing is, and that it was done: who leads the supplier with all its
    links, and the quality manager."""
    return standing.edits_all or standing.leads_over(supplier, Scope.LINKS)


def may_ask_for_exception(actor: Actor) -> bool:
    """Ask that a wave be opened although findings are not answered."""
    return actor.has(Role.QUALITY_MANAGER, Role.DIRECTOR)


def may_sign_exception(actor: Actor) -> bool:
    """Let it be opened so: the director alone, by a signature."""
    return actor.has(Role.DIRECTOR)


def may_keep_expectations(standing: Standing, link: Link) -> bool:
    """Enter, confirm and end what the customer of a link expects: who belongs to a side of it, and the quality manager.
    A member of either side may have heard it."""
    return link.ended_on is None and (standing.edits_all or bool(belongs_to(standing, link)))


def may_say_need(actor: Actor) -> bool:
    """Say what he needs to serve his customer well: everybody inside, for himself."""
    return may_use(actor) and actor.person is not None


def may_see_all_needs(actor: Actor) -> bool:
    """Read all needs of employees."""
    return actor.has(Role.QUALITY_MANAGER)


def led_wholly(standing: Standing) -> list[str]:
    """Paths of the parties that he leads with everything: heads, and deputies for everything. Needs of employees are
    personal; a deputy for links or for members does not read them."""
    return sorted({one.path for one in standing.leads if one.scope is Scope.ALL and not one.is_narrow})


def may_answer_need(standing: Standing, need: EmployeeNeed) -> bool:
    """Say what is done about a need, or why nothing is: whom it is addressed to, and the quality manager. Nobody
    answers himself."""
    actor = standing.actor
    if actor.person is None or actor.person.pk == need.asker_id:
        return False
    if actor.has(Role.QUALITY_MANAGER):
        return True
    return need.addressee == Addressee.HEAD and any(
        need.department.path.startswith(path) for path in led_wholly(standing)
    )


def may_judge_need(actor: Actor, need: EmployeeNeed) -> bool:
    """Say whether a need was met, and take it back: who asked."""
    return actor.person is not None and actor.person.pk == need.asker_id


def may_see_need_figures(standing: Standing) -> bool:
    """See in figures how needs are answered: who leads a department, of his departments; quality manager, director and
    auditor of all."""
    return standing.actor.has(*_SEE) or bool(led_wholly(standing))


def may_tell(actor: Actor) -> bool:
    """Tell a complaint, suggestion, compliment or question, signed in, and enter what others told: everybody inside."""
    return may_use(actor) and actor.person is not None


def may_see_all_feedback(actor: Actor) -> bool:
    """Read all feedback; names only as :func:`may_read_names` says."""
    return actor.is_system or actor.has(*_SEE)


def may_read_names(standing: Standing, item: FeedbackItem) -> bool:
    """Read who gave feedback without signing in and how to reach him, and which colleague told it: quality manager,
    who told or took it, and who leads the party that it is about or with which it lies."""
    actor = standing.actor
    if actor.has(Role.QUALITY_MANAGER):
        return True
    own = actor.person is not None and actor.person.pk in (item.teller_id, item.taken_by_id)
    return own or any(one is not None and _leads_wholly(standing, one) for one in (item.party, item.holder))


def may_deal_with(standing: Standing, item: FeedbackItem) -> bool:
    """Say what becomes of feedback: the quality manager, and who leads the party with which it lies; not of what he
    told himself."""
    actor = standing.actor
    if actor.has(Role.QUALITY_MANAGER):
        return not actor.is_system
    own = actor.person is None or actor.person.pk == item.teller_id
    return not own and item.holder is not None and _leads_wholly(standing, item.holder)


def may_keep_doors(actor: Actor) -> bool:
    """Open and close pages on which anybody tells something without a sign-in, and print their posters."""
    return actor.has(Role.QUALITY_MANAGER)


def _leads_wholly(standing: Standing, party: Party) -> bool:
    return any(party.path.startswith(path) for path in led_wholly(standing))


def may_run_grades(actor: Actor) -> bool:
    """Open rounds in which heads grade departments, move their last day, close and withdraw them. Baton itself closes
    those whose time is over."""
    return actor.is_system or actor.has(Role.QUALITY_MANAGER)


def may_read_all_grades(actor: Actor) -> bool:
    """Read every grade of a closed round, and of an open one who has graded: quality manager and director."""
    return actor.is_system or actor.has(Role.QUALITY_MANAGER, Role.DIRECTOR)


def may_grade(standing: Standing, *, supplier: Party, links: Iterable[Link]) -> bool:
    """Say what the customer of ``links`` thinks of their supplier: who speaks for that customer on one of them, unless
    the supplier is his own department, or he leads it."""
    own = any(path.startswith(supplier.path) for path in standing.belongs) or bool(standing.leading(supplier))
    return not own and any(Side.CUSTOMER in speaks_for(standing, one) for one in links)


def may_reply_to_grade(standing: Standing, supplier: Party) -> bool:
    """Reply to a D or E once the round is closed: who leads the department graded with all its links. Nobody replies in
    its place."""
    return not standing.actor.is_system and standing.leads_over(supplier, Scope.LINKS)


def may_finish_promise(standing: Standing, supplier: Party, *, owner: bool) -> bool:
    """Say that what was promised about a D or E is done: who sees to it, and who may reply."""
    return (owner and may_use(standing.actor)) or may_reply_to_grade(standing, supplier)


def may_be_confidant(actor: Actor) -> bool:
    """Agree to be written to in confidence, and say a few words about himself: everybody inside, for himself alone."""
    return may_use(actor) and actor.person is not None


def may_leave_as_confidant(actor: Actor, confidant: Confidant) -> bool:
    """Take a confidant off the list: he himself, and the quality manager."""
    own = actor.person is not None and actor.person.pk == confidant.person_id
    return own or actor.has(Role.QUALITY_MANAGER)


def may_write_to_confidants(actor: Actor) -> bool:
    """Write to a confidant. What the two write nobody else reads: no role and no right leads to it."""
    return may_use(actor) and actor.person is not None


def may_see_talk_tally(actor: Actor) -> bool:
    """See how many talks were begun in a year that is over, from ten on."""
    return actor.has(Role.QUALITY_MANAGER)


def may_receive_complaints(actor: Actor) -> bool:
    """Take down what a customer complains of: everybody inside, of what is in his sight and of customers outside."""
    return may_use(actor) and actor.person is not None


def may_bring_complaints(actor: Actor) -> bool:
    """Bring tables of complaints, and take all of them away with the customers' data."""
    return actor.has(Role.QUALITY_MANAGER)


def may_read_complaints(actor: Actor) -> bool:
    """Open the list of complaints, of which everybody sees those in his sight; guests what their party complains of."""
    return actor.is_system or actor.person is not None


def may_see_all_complaints(actor: Actor) -> bool:
    """Read every case, without the customer's data."""
    return actor.is_system or actor.has(*_SEE)


def leads_supplier(standing: Standing, complaint: Complaint) -> bool:
    """Whether he leads the supplier, with all its links."""
    return complaint.supplier is not None and standing.leads_over(complaint.supplier, Scope.LINKS)


def may_handle_complaint(standing: Standing, complaint: Complaint) -> bool:
    """Read the customer's data, correct the form, tell the customer, say what came of it: who took it down, the person
    in charge, who leads the supplier, and the quality manager."""
    person = standing.actor.person
    if person is None or standing.is_guest:
        return False
    own = person.pk in (complaint.received_by_id, complaint.investigator_id)
    return own or standing.edits_all or leads_supplier(standing, complaint)


def may_route_complaint(standing: Standing, complaint: Complaint) -> bool:
    """Say who looks into it: who leads the supplier, the quality manager, and, as long as no supplier is known, who
    took it down."""
    if complaint.supplier_id is None:
        return may_handle_complaint(standing, complaint)
    return standing.edits_all or (not standing.is_guest and leads_supplier(standing, complaint))


def may_investigate_complaint(standing: Standing, complaint: Complaint) -> bool:
    """Write and sign why it came about: the person in charge, who leads the supplier, and the quality manager."""
    person = standing.actor.person
    if person is None or standing.is_guest:
        return False
    in_charge = person.pk == complaint.investigator_id
    return in_charge or standing.edits_all or leads_supplier(standing, complaint)


def may_decide_complaint(standing: Standing, complaint: Complaint) -> bool:
    """Write and sign what is done, or that nothing is: who leads the supplier, and the quality manager. That he is
    somebody else than who signed the cause, the change makes sure."""
    if standing.actor.person is None or standing.is_guest:
        return False
    return standing.edits_all or leads_supplier(standing, complaint)


def may_forget_complainant(actor: Actor) -> bool:
    """Destroy the customer's data of a complaint that is over."""
    return actor.has(Role.QUALITY_MANAGER)
