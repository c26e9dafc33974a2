"""The API: what every room's calls have in common. A room's own calls stand in its ``api``.

door.py        who may come in: token, scope, policy, limits, well-formed body, idempotency key
endpoints.py   how a call is declared: ``@reads`` and ``@writes``
bodies.py      JSON, read strictly
explaining.py  what does not fit a schema, in words
schemas.py     what schemas of all rooms share
limits.py      how many calls a minute
service.py     all calls put together, under /api/v1/
reference.py   the same as OpenAPI 3.1, and as a page
pages.py       what shows it
"""
