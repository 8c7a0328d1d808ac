"""Freed memory is handed back where the C library can, and nowhere else is anything asked for."""

from types import SimpleNamespace

from creditscore.features import memory


def test_the_c_library_is_asked_to_give_back_all_that_is_free(monkeypatch):
    asked = []
    monkeypatch.setattr(memory, "_library", lambda: SimpleNamespace(malloc_trim=asked.append))
    memory.hand_back()
    assert asked == [0]


def test_a_c_library_that_cannot_give_back_is_left_alone(monkeypatch):
    for library in (None, SimpleNamespace()):
        monkeypatch.setattr(memory, "_library", lambda library=library: library)
        memory.hand_back()


def test_this_machine_can_be_asked():
    memory.hand_back()
