"""Freezes in words, English and Chinese."""

import json

LINKS = {
    "en": {
        "owns": "{source} owns {target}",
        "controls": "{source} controls {target}",
        "affiliated": "{source} and {target} are affiliated",
        "guarantees": "{source} guarantees {target}",
        "supplies": "{source} supplies {target}",
    },
    "zh": {
        "owns": "{source}持有{target}的股权",
        "controls": "{source}控制{target}",
        "affiliated": "{source}与{target}为关联企业",
        "guarantees": "{source}为{target}提供担保",
        "supplies": "{source}向{target}供货",
    },
}
OWN = {"en": "{cause} has a red alert itself.", "zh": "{cause}自身存在红色预警。"}
REACHED = {"en": "A red alert of {cause} reaches it: {links}.", "zh": "{cause}的红色预警波及该企业：{links}。"}
BETWEEN = {"en": "; ", "zh": "；"}


def freeze_text(cause_id: str, path: str, *, language: str) -> str:
    """Return in a sentence why a company is frozen.

    Parameters
    ----------
    cause_id, path
        Columns of a row of :func:`freezes`.
    language
        ``"en"`` or ``"zh"``.

    Examples
    --------
    >>> path = '[["C1","guarantees","C2"],["C3","owns","C2"]]'
    >>> freeze_text("C1", path, language="en")
    'A red alert of C1 reaches it: C1 guarantees C2; C3 owns C2.'
    >>> freeze_text("C1", path, language="zh")
    'C1的红色预警波及该企业：C1为C2提供担保；C3持有C2的股权。'
    >>> freeze_text("C1", "[]", language="en")
    'C1 has a red alert itself.'
    """
    words = LINKS[language]
    links = [words[kind].format(source=source, target=target) for source, kind, target in json.loads(path)]
    if not links:
        return OWN[language].format(cause=cause_id)
    return REACHED[language].format(cause=cause_id, links=BETWEEN[language].join(links))
