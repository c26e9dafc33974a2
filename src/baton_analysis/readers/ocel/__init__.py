"""Object-centric event logs (OCEL 2.0 as SQLite, JSON or XML): objects, events, and a table of the events of one type.

In an object-centric log an event belongs to several objects: an order, its items, the employee who did it. Seen as a
table it has one column for each type of object. Whoever wants cases chooses the type that is the case: the table then
has one row for each event of each such object ("flattening").
"""

from baton_analysis.readers.ocel.log import ACTIVITY, EVENT_ID, TIME, ObjectLog
from baton_analysis.readers.ocel.opening import load_ocel

__all__ = ["ACTIVITY", "EVENT_ID", "TIME", "ObjectLog", "load_ocel"]
