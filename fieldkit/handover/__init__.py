"""The hand-over: what the force is given in writing when the team leaves the site."""

from fieldkit.handover.as_markdown import to_markdown
from fieldkit.handover.gathering import gather
from fieldkit.handover.giving import ENDINGS, Given, hand_over
from fieldkit.handover.pages import Handover

__all__ = ["ENDINGS", "Given", "Handover", "gather", "hand_over", "to_markdown"]
