# Daily commands; `just` lists them. Everything runs in .venv, which `just setup` makes.

export BATON_DEMO := env("BATON_DEMO", "yes")
bin := justfile_directory() / ".venv/bin"

# list the commands
default:
    @just --list

# set up for development
setup:
    python3 run.py test --version

# start web server and worker on 127.0.0.1:8000
serve:
    python3 run.py

# everything that continuous integration runs
test:
    python3 run.py test

# only pytest, on SQLite: just pytest tests/rooms/chain -k links
pytest *arguments:
    {{bin}}/python -m pytest {{arguments}}

# the tests that a database can get wrong, on a PostgreSQL server of the session's own
postgres *arguments="tests/rooms tests/trust":
    {{bin}}/python -m pytest --database=postgresql {{arguments}}

# format, lint, types, contracts between the rooms
check:
    {{bin}}/ruff format .
    {{bin}}/ruff check --fix .
    {{bin}}/mypy
    {{bin}}/lint-imports --no-logo

# write the migrations of changed models
migrations:
    DJANGO_SETTINGS_MODULE=baton.config.settings {{bin}}/python -m django makemigrations

# collect the texts to translate and compile the translations
texts:
    {{bin}}/python scripts/texts.py

# the reference pages of the guide: settings and data dictionary
reference:
    {{bin}}/python scripts/reference.py

# uv.lock and the requirements files, after a change of the dependencies
lock *arguments:
    {{bin}}/python scripts/lock.py {{arguments}}

# call the API with what schemathesis makes of its reference, against a server of its own
fuzz minutes="5":
    {{bin}}/python -m tests.fuzz_api --minutes {{minutes}}

# fetch the browser libraries anew
vendor:
    {{bin}}/python scripts/vendor.py
