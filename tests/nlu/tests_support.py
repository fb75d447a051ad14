"""A project small enough to train in a test: four intents in two languages."""

from __future__ import annotations

from pathlib import Path
from typing import Dict

FILES: Dict[str, str] = {
    "data/taxonomy.yml": """
groups:
  - group: All
    intents:
      track_order: where an order is
      affirm: "yes"
      deny: "no"
      out_of_scope: anything else
""",
    "data/shop/shop.yml": "languages: [nl, en]\n",
    "data/faq/shop.yml": """
topic: shop
articles:
  - intent: track_order
    kind: look_up
    title: {nl: Waar is mijn bestelling?, en: Where is my order?}
    keywords:
      nl: [waar is, "(pakje|pakket*)"]
      en: ["where ... (order|parcel)"]
    examples:
      nl: [waar is mijn pakje, waar blijft mijn bestelling, wanneer komt mijn pakket, is mijn order onderweg,
        ik wacht nog op mijn fietshelm, hoe ver is mijn zending]
      en: [where is my parcel, where has my order got to, when does my package come, is my order on its way,
        still waiting for my helmet, how far is my delivery]
  - intent: affirm
    kind: small_talk
    title: {nl: Ja, en: "Yes"}
    examples:
      nl: [ja, jazeker, ja graag, klopt, inderdaad, zeker weten]
      en: [yes, yes please, sure, that is right, indeed, of course]
  - intent: deny
    kind: small_talk
    title: {nl: Nee, en: "No"}
    examples:
      nl: [nee, nee dank je, absoluut niet, klopt niet, liever niet, nope]
      en: [no, no thanks, not at all, that is wrong, rather not, nah]
  - intent: out_of_scope
    kind: answer
    title: {nl: Iets anders, en: Something else}
    examples:
      nl: [wat is de hoofdstad van peru, vertel een mop, schrijf een gedicht, wie won de tour, bak een taart]
      en: [what is the capital of peru, tell a joke, write a poem, who won the race, how do i bake a cake]
""",
    "data/faq/voices/ria.yml": """
writer: ria
language: nl
examples:
  track_order: [waar hangt mijn pak uit, komt die bestelling nog]
  affirm: [doe maar]
  deny: [laat maar zitten]
  out_of_scope: [wordt het morgen mooi weer]
near_misses: [kan dit nog mee in de trommel]
""",
    "data/rules/flows.yml": """
version: "3.1"
rules:
  - rule: the waiting look-up is done once the customer is known
    condition: [{active_loop: identify_form}]
    steps: [{action: identify_form}, {active_loop: null}, {action: action_resume_task}]
  - rule: an order is chosen with a button
    steps: [{intent: choose_order}, {action: action_choose_order}]
""",
    "data/nlu/buttons.yml": """
version: "3.1"
nlu:
  - intent: choose_order
    examples: |
      - /choose_order
      - /choose_order{"order_number": "DD1234567"}
""",
    "domain.yml": """
version: "3.1"
intents: [choose_order]
entities: [order_number, postcode]
slots:
  pending_task: {type: categorical, values: [track_order], mappings: [{type: custom}]}
  order_number:
    type: text
    influence_conversation: false
    mappings: [{type: from_entity, entity: order_number}]
forms:
  identify_form: {required_slots: [order_number]}
actions: [action_track_order, action_resume_task, action_choose_order]
""",
}


def write_project(folder: Path) -> Path:
    """Write the little project, with the pipeline and policies of the real one."""
    for name, content in FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content.lstrip(), encoding="utf-8")
    real = Path(__file__).resolve().parents[2] / "config.yml"
    (folder / "config.yml").write_text(real.read_text(encoding="utf-8"), encoding="utf-8")
    return folder
