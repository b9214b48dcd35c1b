"""The guard: every way into the repository asks the same policy.

* ``hooks``    what the hooks call: ``python -m git_executor.guard pre-commit`` and so on,
* ``audit``    ``git-executor check``: verdicts on a range of commits or on the index,
* ``install``  puts the hooks in place beside whatever is there,
* ``snapshot`` reads trees, indexes and commits through git; ``commits`` judges them, ``records`` sees forged ones.

Which rules hold, by branch:

* On ``ai/*`` all of the policy holds for every commit. A commit with a ``Stage:`` trailer is judged with that stage's
  files, any other with the files of all stages together. A merge is judged by what it adds over its parents. What
  equals the base branch's tip is never a violation, and commits that the base branch has are not judged again.
* Everywhere else people edit what they like except protected files. The one override is a trailer
  ``Protected-Change: <reason>`` in the commit's message: explicit, one commit at a time, and part of the record. A
  commit of an AI branch that arrives on the base branch by a merge needs none, because it touches no such file.
* Before the base branch exists there is nothing to protect: the first commits of a repository are free.
* A server refuses to rewind or delete an AI branch and to rewind the base branch, unless ``executor.allowRewind``.

The rules come from the context map that is committed on the base branch: ``git config executor.base``, else main,
master, or what ``origin/HEAD`` points at.
"""
