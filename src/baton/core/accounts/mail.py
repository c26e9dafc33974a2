"""Mail about accounts, sent by the worker."""

from __future__ import annotations

from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django_tasks import task

from baton.core.queries import person_with_mailbox


@task()
def send_password_reset(address: str) -> None:
    """Send the person who has this e-mail a link with which he can set a new password; nobody has it: do nothing.

    The link goes to the address in his record, not to the one that was typed, and starts with BATON_BASE_URL.
    """
    person = person_with_mailbox(address)
    if person is None or not person.email:
        return
    key = {"uidb36": user_pk_to_url_str(person), "key": default_token_generator.make_token(person)}
    with translation.override(person.language):
        values = {"person": person, "url": settings.BASE_URL + reverse("account_reset_password_from_key", kwargs=key)}
        subject = render_to_string("account/email/password_reset_key_subject.txt", values).strip()
        body = render_to_string("account/email/password_reset_key_message.txt", values)
    send_mail(subject, body, None, [person.email])
