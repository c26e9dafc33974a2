"""What happens is told by e-mail, too: as soon as each person wants it, and several messages in one e-mail.

The row that has a message told is written together with the message (:mod:`baton.core.changes.mail`).

composing.py  what stands in an e-mail
sending.py    messages that are due put together, sent, again until the mail server takes them
queries.py    what the pages show
tasks.py      what the worker does
"""
