"""The output shape that Deconvolution2D was told, and Conv2DTranspose infers. No layer is known here by name."""

from __future__ import annotations

from collections.abc import Mapping

from tdmigrate.keras1.entry import Dropped, Layer, Parameter, Spelling, Text, Written
from tdmigrate.rules.context import Context
from tdmigrate.rules.windows import told, windows
from tdmigrate.understanding.facts import LayerUse


def settle(ctx: Context, use: LayerUse, entry: Layer, spelling: Spelling) -> Spelling:
    """The spelling without the output's shape, where Keras 3 infers the same or can be told what is over.

    Of n steps of s with a kernel of k cells, Keras 3 makes (n - 1) s + max(k, s) of 'valid' and n s of 'same'; with
    output_padding p, (n - 1) s + k + p and (n - 1) s + k % 2 + p (keras/src/backend/common/backend_utils.py, 3.15).
    """
    if entry.window is None or not entry.window.output:
        return spelling
    over = _over(ctx, use, entry)
    if over is None:
        return spelling
    goes: Mapping[str, Parameter] = {entry.window.output: Dropped("Keras 3 infers it")}
    written = () if over == "" else (Written("output_padding", Text(over), "C18"),)
    return spelling._replace(
        parameters={**spelling.parameters, **goes}, written=(*spelling.written, *written)
    )


def _over(ctx: Context, use: LayerUse, entry: Layer) -> str | None:
    """``output_padding``, "" where Keras 3 infers the shape without; None: it cannot make that shape, or who knows."""
    mode = use.bound.arguments.get("border_mode")
    same = mode is not None and mode.value == "same"
    found = windows(ctx, use, entry)
    ordering = told(ctx, use, entry.keras3)
    if found is None or ordering is None or use.inputs is None or len(use.inputs) != len(found) + 2:
        return None
    if not same and mode is not None and mode.value != "valid":
        return None
    lengths = use.inputs[2:] if ordering == "th" else use.inputs[1:-1]
    inferred, over = [], []
    for steps, one in zip(lengths, found, strict=True):
        if not isinstance(steps, int) or not isinstance(one.length, int):
            return None
        start = (steps - 1) * one.stride
        inferred.append(steps * one.stride if same else start + max(one.size, one.stride))
        over.append(one.length - start - (one.size % 2 if same else one.size))
    if inferred == [one.length for one in found]:
        return ""
    if any(not 0 <= rest < one.stride for rest, one in zip(over, found, strict=True)):
        return None
    return f"({', '.join(map(str, over))})"
