"""How a low room meets a higher one without importing it.

A room fills these in its ``apps.py``; nobody imports upwards.
"""

from baton.core.registries.calendars import (
    CalendarUse,
    DatedEvent,
    calendar_uses,
    dated_events,
)
from baton.core.registries.finding import (
    Findable,
    Lookup,
    Searchable,
    lookups,
    search_sights,
    searchables,
)
from baton.core.registries.measuring import (
    Measurables,
    Measured,
    measurables,
)
from baton.core.registries.pages import (
    NavigationEntry,
    Panel,
    Section,
    Subject,
    landings,
    navigation,
    panels,
    panels_of,
)
from baton.core.registries.persons import (
    ForgettingNote,
    forgetting,
    forgetting_notes,
    leaders,
    person_notes,
    superiors,
)
from baton.core.registries.programs import (
    api_routers,
    api_scopes,
)
from baton.core.registries.records import (
    Discussion,
    Earlier,
    Keys,
    Policy,
    Retention,
    actions,
    policies,
    retention,
    watchers,
    who_reads,
)
from baton.core.registries.registry import (
    Registry,
)
from baton.core.registries.signing import (
    OutsideTask,
    Signable,
    evidence,
    outside_tasks,
    signables,
)
from baton.core.registries.tables import (
    BulkTarget,
    Export,
    Import,
    bulk_targets,
    dependants,
    exports,
    imports,
)
from baton.core.registries.telling import (
    Announced,
    Audience,
    Digest,
    Topic,
    announcements,
    audiences,
    digests,
    topics,
)
from baton.core.registries.work import (
    FactBuilder,
    Job,
    Working,
    fact_builders,
    jobs,
    workings,
)

__all__ = [
    "Announced",
    "Audience",
    "BulkTarget",
    "CalendarUse",
    "DatedEvent",
    "Digest",
    "Discussion",
    "Earlier",
    "Export",
    "FactBuilder",
    "Findable",
    "Lookup",
    "ForgettingNote",
    "Import",
    "Job",
    "Keys",
    "Measurables",
    "Measured",
    "NavigationEntry",
    "OutsideTask",
    "Panel",
    "Policy",
    "Registry",
    "Retention",
    "Searchable",
    "Section",
    "Signable",
    "Subject",
    "Topic",
    "Working",
    "actions",
    "announcements",
    "api_routers",
    "api_scopes",
    "audiences",
    "bulk_targets",
    "calendar_uses",
    "dated_events",
    "dependants",
    "digests",
    "evidence",
    "exports",
    "fact_builders",
    "forgetting",
    "forgetting_notes",
    "imports",
    "jobs",
    "landings",
    "leaders",
    "measurables",
    "navigation",
    "outside_tasks",
    "panels",
    "panels_of",
    "person_notes",
    "policies",
    "retention",
    "search_sights",
    "lookups",
    "searchables",
    "signables",
    "superiors",
    "topics",
    "watchers",
    "who_reads",
    "workings",
]
