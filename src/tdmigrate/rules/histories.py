"""K323: the settings of a training that the History of fit keeps: ``fitted.params['nb_epoch']``."""

from __future__ import annotations

import ast

from tdmigrate.rules.batch_logs import keyed
from tdmigrate.rules.callbacks import check_parameter
from tdmigrate.rules.context import Context

_GIVE = ("fit", "fit_generator")


def check_histories(ctx: Context) -> None:
    given = {use.node for use in ctx.facts.methods if use.method.name in _GIVE}
    for node in ctx.module.nodes if given else ():
        key = keyed(node)
        if key is None or not isinstance(key[0], ast.Attribute) or key[0].attr != "params":
            continue
        history = key[0].value
        made = ctx.maker(history.id) if isinstance(history, ast.Name) else history
        if made in given:
            check_parameter(ctx, key[1])
