"""What is said about the charts of a link: phases and specification limits; and its capability."""

from ninja import Router

from baton.monitoring.api import limits, phases

router = Router()
router.add_router("", phases.router)
router.add_router("", limits.router)
