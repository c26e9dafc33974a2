"""What calendars of business hours are written in, and what is read into them.

    hours.py      opening times as people write them: 08:00-12:00, 13:00-17:00
    days.py       holidays and make-up days, and how those of a calendar change
    countries.py  public holidays of a country
    notices/      what governments announced, a file a country and year
    ics.py        days as an iCalendar file (RFC 5545), read and written
    counting.py   business time between two moments, day by day, and when something is due
    pasting.py    days as lines that were pasted: 2026-10-01 holiday National Day

Each reader gives days and, for every line that it cannot read, what is wrong with it. Nothing here writes records.
"""
