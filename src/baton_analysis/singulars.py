"""English sentences for exactly one: a template whose number is 1 is said in the singular.

Only English needs them here (Chinese has one form), so they are no message ids and stand in no catalogue: whatever a
translation makes of a template is taken as it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

SINGULARS: Mapping[str, tuple[str, str]] = {
    template: (number, singular)
    for number, template, singular in (
        ("count", "{count} events have no case; they are counted here and used nowhere else.",
         "1 event has no case; it is counted here and used nowhere else."),
        ("count", "{count} events have no party (null, or a value that was declared as missing); the work is followed"
         " from the party before them to the party after them.",
         "1 event has no party (null, or a value that was declared as missing); the work is followed from the party"
         " before it to the party after it."),
        ("count", "{count} events have no time; they keep their place in the file, and what needs their time leaves"
         " them out.",
         "1 event has no time; it keeps its place in the file, and what needs its time leaves it out."),
        ("count", "{count} events have the same time as the event before them in their case; the file's order decides.",
         "1 event has the same time as the event before it in its case; the file's order decides."),
        ("count", "{count} events stand in the file before an earlier event of their case; the time decides.",
         "1 event stands in the file before an earlier event of its case; the time decides."),
        ("count", "{count} local times fall into a change of the clock; of two meanings the earlier is taken, times"
         " that never were count as missing.",
         "1 local time falls into a change of the clock; of two meanings the earlier is taken, a time that never was"
         " counts as missing."),
        ("count", "{count} facts have no time and belong to no week.", "1 fact has no time and belongs to no week."),
        ("count", "{count} values are not, such as “{value}”.", "1 value is not: “{value}”."),
        ("count", "You are to look at {count} signals: {about}.", "You are to look at 1 signal: {about}."),
        ("count", "You are to clear up {count} gaps: {gaps}.", "You are to clear up 1 gap: {gaps}."),
        ("n", "Kappa rests on {n} items; {wanted} are wanted. Look at the interval.",
         "Kappa rests on 1 item; {wanted} are wanted. Look at the interval."),
        ("n", "At {step} only {n} units entered; {wanted} are wanted.",
         "At {step} only 1 unit entered; {wanted} are wanted."),
        ("n", "There are {n} values in {groups} subgroups{infinite}.", "There is 1 value{infinite}."),
        ("categories", "The gauge tells {categories} categories of parts apart; {wanted} are wanted.",
         "The gauge sees all parts as 1 category; {wanted} are wanted."),
        ("wrong", "{wrong} of {n} are not finite; the others reach from {low} to {high}.",
         "1 of {n} is not finite; the others reach from {low} to {high}."),
        ("count", "{count} persons are shown under pseudonyms.", "1 person is shown under a pseudonym."),
        ("count", "{count} columns hold lists or records and are left out: {columns}.",
         "1 column holds lists or records and is left out: {columns}."),
        ("count", "{count} columns have no name; they are called column_ and their number.",
         "1 column has no name; it is called column_ and its number."),
        ("count", "{count} times in “{column}” have no zone; they are taken as local time of {zone}.",
         "1 time in “{column}” has no zone; it is taken as local time of {zone}."),
        ("count", "{count} times in “{column}” do not exist in {zone} (clocks put forward); taken as missing.",
         "1 time in “{column}” does not exist in {zone} (clocks put forward); taken as missing."),
        ("count", "“{column}” looks like time, but {count} values are none; it is kept as text.",
         "“{column}” looks like time, but 1 value is none; it is kept as text."),
        ("count", "{count} events have no value in “{column}”.", "1 event has no value in “{column}”."),
        ("traces", "The log has {traces} cases and no event.", "The log has 1 case and no event."),
        ("events", "The {events} events of the log have none.", "The 1 event of the log has none."),
        ("count", "{count} values cannot be read; the first stands in row {row}, column “{column}”: “{first_found}”.",
         "1 value cannot be read; it stands in row {row}, column “{column}”: “{first_found}”."),
        ("count", "{count} events belong to several objects of type “{type}”; the first is taken.",
         "1 event belongs to several objects of type “{type}”; the first is taken."),
        ("count", "{count} entries name an event or object that the log does not have; left out.",
         "1 entry names an event or object that the log does not have; left out."),
        ("count", "{count} objects belong to no event.", "1 object belongs to no event."),
        ("count", "{count} events repeat the id of an earlier one; the first counts.",
         "1 event repeats the id of an earlier one; the first counts."),
        ("count", "{count} objects are listed under two types; the first counts.",
         "1 object is listed under two types; the first counts."),
        ("count", "{count} names stand twice in one JSON object; the first counts.",
         "1 name stands twice in one JSON object; the first counts."),
        ("count", "{count} numbers are NaN or infinite; they are taken as missing.",
         "1 number is NaN or infinite; it is taken as missing."),
        ("count", "{count} events or objects have no id or type; they are left out.",
         "1 event or object has no id or type; it is left out."),
        ("count", "{count} events belong to no object of type “{type}”; they are left out.",
         "1 event belongs to no object of type “{type}”; it is left out."),
        ("count", "{count} blank rows between others are left out.", "1 blank row between others is left out."),
        ("count", "{count} values hold invisible characters, which can make two names look alike.",
         "1 value holds invisible characters, which can make two names look alike."),
        ("columns", "There is a header with {columns} columns and no row.",
         "There is a header with 1 column and no row."),
        ("width", "The row has {width} values: “{value}”.", "The row has 1 value: “{value}”."),
        ("columns", "{columns} values in every row were expected, as in the header.",
         "1 value in every row was expected, as in the header."),
        ("count", "{count} times in “{column}” lie before 1900 or after 2199; they are taken as missing.",
         "1 time in “{column}” lies before 1900 or after 2199; it is taken as missing."),
        ("count", "{count} times in “{column}” are marked as missing.", "1 time in “{column}” is marked as missing."),
        ("count", "{count} cells show the error of a formula, the first is {error} in {cell}; taken as missing.",
         "1 cell shows the error of a formula, {error} in {cell}; taken as missing."),
        ("count", "{count} numbers have more digits than the {digits} that a spreadsheet keeps, the first in {cell}:"
         " their last digits are lost. Numbers of cards and accounts have to be entered as text.",
         "1 number has more digits than the {digits} that a spreadsheet keeps, in {cell}: its last digits are lost."
         " Numbers of cards and accounts have to be entered as text."),
        ("count", "{count} sheets are hidden: {sheets}.", "1 sheet is hidden: {sheets}."),
        ("count", "Row {row} was taken as the header; the {count} rows above it are left out.",
         "Row {row} was taken as the header; the row above it is left out."),
        ("count", "{count} cells hold formulas; their last stored values are taken, never the formulas.",
         "1 cell holds a formula; its last stored value is taken, never the formula."),
        ("count", "The workbook has {count} links to other files. They are not followed.",
         "The workbook has 1 link to another file. It is not followed."),
        ("count", "{count} cases have no name (concept:name); their events are kept without a case.",
         "1 case has no name (concept:name); its events are kept without a case."),
        ("count", "{count} cases have no events; they have no row in the table.",
         "1 case has no events; it has no row in the table."),
        ("count", "{count} events stand outside every case; they are kept without a case.",
         "1 event stands outside every case; it is kept without a case."),
        ("count", "{count} attributes repeat a name within their event or case; the first counts.",
         "1 attribute repeats a name within its event or case; the first counts."),
        ("count", "{count} attributes inside other attributes are left out.",
         "1 attribute inside another attribute is left out."),
        ("count", "{count} values of lists are joined with “; ” into one text each.",
         "1 value of a list is joined with “; ” into one text."),
        ("count", "{count} attributes without a name are left out.", "1 attribute without a name is left out."),
        ("count", "{count} cases carry the name of an earlier case; same name is taken as the same case.",
         "1 case carries the name of an earlier case; same name is taken as the same case."),
        ("count", "{count} events have no “{column}”. The log declares the default “{default}”, which is not filled"
         " in.",
         "1 event has no “{column}”. The log declares the default “{default}”, which is not filled in."),
        ("count", "{count} events are earlier than the event before them in their case.",
         "1 event is earlier than the event before it in its case."),
        ("events", "Reading stopped in line {line} after {events} events.",
         "Reading stopped in line {line} after 1 event."),
        ("events", "It ends in the middle, in line {line} after {events} events.",
         "It ends in the middle, in line {line} after 1 event."),
        ("events", "Reading stopped in line {line} after {events} events: an element is closed that is not the one last"
         " opened.",
         "Reading stopped in line {line} after 1 event: an element is closed that is not the one last opened."),
        ("events", "Reading stopped in line {line} after {events} events at a character that XML does not allow.",
         "Reading stopped in line {line} after 1 event at a character that XML does not allow."),
        ("count", "No handoffs for {count} weeks up to {week}: the chart breaks there and leaves them out. If the date"
         " is wrong, correct it in the log.",
         "No handoffs for 1 week up to {week}: the chart breaks there and leaves it out. If the date is wrong, correct"
         " it in the log."),
        ("count", "Left out are {count} handoffs that are dated in the future. Correct their dates in the log.",
         "Left out is 1 handoff that is dated in the future. Correct its date in the log."),
        ("count", "{count} of the chosen names are persons who are no party, such as “{example}”.",
         "One of the chosen names is a person who is no party: “{example}”."),
        ("count", "{count} were changed since: {named}.", "One was changed since: {named}."),
        ("count", "{count} figures rest on fewer than {wanted} handoffs. Look at their intervals.",
         "1 figure rests on fewer than {wanted} handoffs. Look at its interval."),
        ("count", "{count} open handoffs are not due yet and are left out: their windows are not over.",
         "1 open handoff is not due yet and is left out: its window is not over."),
        ("n", "The attainment rests on {n} handoffs; {wanted} are wanted. Look at the interval.",
         "The attainment rests on 1 handoff; {wanted} are wanted. Look at the interval."),
        ("count", "{count} moments are missing.", "1 moment is missing."),
        ("count", "{count} changes name none.", "1 change names none."),
        ("count", "{count} events lie after the moment of the table and are left out.",
         "1 event lies after the moment of the table and is left out."),
        ("count", "{count} handoffs were withdrawn and are left out.", "1 handoff was withdrawn and is left out."),
        ("count", "{count} handoffs have no event that starts the clock; they are left out.",
         "1 handoff has no event that starts the clock; it is left out."),
        ("count", "{count} open handoffs are paused; their clocks stand still.",
         "1 open handoff is paused; its clock stands still."),
        ("count", "{count} events say nothing at their place, such as a delivery before the start.",
         "1 event says nothing at its place, such as a delivery before the start."),
        ("count", "{count} rows repeat a subject and case.", "1 row repeats a subject and case."),
        ("count", "{count} rows have none.", "1 row has none."),
        ("count", "{count} rows hold a number that is negative or not finite.",
         "1 row holds a number that is negative or not finite."),
        ("count", "{count} open handoffs have one.", "1 open handoff has one."),
        ("count", "Found {count} parties, such as “{example}”.", "Found 1 party, “{example}”."),
        ("count", "Found whose {whose}, served by {count} links.", "Found whose {whose}, served by 1 link."),
        ("count", "Found {count} such links of {total}.", "Found 1 such link of {total}."),
    )
}  # fmt: skip
"""Template -> the value that counts, and the template for one."""


def for_one(template: str, values: Mapping[str, Any]) -> str:
    """The template for one where its number is 1, else the template itself."""
    number, singular = SINGULARS.get(template, ("", template))
    return singular if str(values.get(number, "")) == "1" else template
