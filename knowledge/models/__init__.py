from knowledge.models.adoptions import Adoption, Again, Status
from knowledge.models.practices import Audience, CostPer, Kind, Practice
from knowledge.models.products import Product
from knowledge.models.questions import Answer, Question
from knowledge.models.tags import Tag, TaggedPractice, TaggedQuestion

__all__ = [
    "Adoption",
    "Again",
    "Answer",
    "Audience",
    "CostPer",
    "Kind",
    "Practice",
    "Product",
    "Question",
    "Status",
    "Tag",
    "TaggedPractice",
    "TaggedQuestion",
]
