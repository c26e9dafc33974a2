"""How passwords are hashed."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class PasswordHasher(Argon2PasswordHasher):
    """Argon2id with 19 MiB, two passes and one lane: OWASP's minimum (Password Storage Cheat Sheet).

    Django's own choice takes 100 MiB for each hash, which eight sign-ins at once would not leave to a small server.
    """

    time_cost = 2
    memory_cost = 19 * 1024
    parallelism = 1
