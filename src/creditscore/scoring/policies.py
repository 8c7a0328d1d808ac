"""Policies by their hash: what a score was decided by is kept for as long as the score."""

from pathlib import Path

from creditscore.domain import Workspace
from creditscore.errors import PolicyError
from creditscore.policy import Policy, load_policy
from creditscore.scoring.files import whole_file


def keep_policy(workspace: Workspace, policy: Policy) -> None:
    """Lay down the policy's content under its hash, once.

    Raises
    ------
    StoreError
        If the disk is full or the folder cannot be written.
    """
    path = _path(workspace, policy.hash)
    if not path.is_file():
        with whole_file(path) as draft:
            draft.write_text(policy.text, "utf-8")


def policy_of(workspace: Workspace, policy_hash: str) -> Policy:
    """Return the policy with this hash: as it was kept, or a present one where it is the same.

    Raises
    ------
    PolicyError
        If it was not kept and is no present one, or the file is not the one that was written.
    """
    path = _path(workspace, policy_hash)
    policy = Policy.from_text(path.read_text("utf-8")) if path.is_file() else _present(workspace, policy_hash)
    if policy.hash != policy_hash:
        raise PolicyError(
            where=f"policy {policy_hash[:12]}",
            found="The kept file is not the one that was written."
            if path.is_file()
            else "It was not kept, and no present policy is that one.",
            fix="Put the policy file of that day back into the workspace and score the day again.",
        )
    return policy


def _present(workspace: Workspace, policy_hash: str) -> Policy:
    present = [load_policy(path) for path in workspace.policy_files]
    return next((policy for policy in present if policy.hash == policy_hash), load_policy())


def _path(workspace: Workspace, policy_hash: str) -> Path:
    return workspace.policies / f"{policy_hash}.json"
