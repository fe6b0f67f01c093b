"""Tables of vectors that Keras 3 lacks or looks up otherwise."""

from __future__ import annotations

from typing import Any

import keras
from keras import activations, initializers, layers, ops

from tdmigrate.compat.backend import gather
from tdmigrate.compat.registering import Tensor, registered


@registered
class Embedding(layers.Embedding):  # type: ignore[misc]
    """``keras.layers.Embedding`` that trains as Keras 1's: ``(batch, ...)`` to ``(batch, ..., output_dim)``.

    On TensorFlow, Keras 3's hands optimizers one gradient for each place where an id stands, of which all but plain SGD
    square, or clip, each alone; here, as in Keras 1, they get the sum for each id.

    ``dropout``: as in Keras 1.2.2 (keras/layers/embeddings.py), each row of the table is zero with probability
    ``dropout`` for a whole batch, in every place where its id stands; the others are divided by ``1 - dropout``. A
    ``dropout`` of 0 or less, or of 1 or more, drops nothing, as there.

    ``rescaled="prediction"``: as in Keras 0.3.3, the others stay in training, and all rows are multiplied by
    ``1 - dropout`` when predicting; of 1, all are zero. Another word is a ``ValueError``.
    """

    def __init__(
        self,
        input_dim: int,
        output_dim: int,
        dropout: float = 0.0,
        rescaled: str = "training",
        seed: int | None = None,
        **kwargs: Any,
    ) -> None:
        if rescaled not in ("training", "prediction"):
            raise ValueError(f"rescaled is 'training' or 'prediction', not {rescaled!r}")
        weights = kwargs.pop("weights", None)  # with which the layer is built, and takes no generator any more
        super().__init__(input_dim, output_dim, **kwargs)
        self.dropout = dropout
        self.rescaled = rescaled
        self.seed = seed
        self.seed_generator = keras.random.SeedGenerator(seed)
        if weights is not None:
            self.build()
            self.set_weights(weights if isinstance(weights, list) else [weights])

    def call(self, inputs: Tensor, training: bool | None = None) -> Tensor:
        outputs = ops.cast(gather(self.embeddings, ops.cast(inputs, "int32")), self.compute_dtype)
        if self.rescaled == "prediction":
            if not training:
                return ops.multiply(outputs, 1.0 - self.dropout)
            return ops.multiply(outputs, self._kept(inputs, outputs.dtype)) if self.dropout > 0 else outputs
        if not training or not 0 < self.dropout < 1:
            return outputs
        return ops.divide(ops.multiply(outputs, self._kept(inputs, outputs.dtype)), 1.0 - self.dropout)

    def _kept(self, ids: Tensor, dtype: str) -> Tensor:
        """1 or 0 for each id, with a last axis of 1."""
        drawn = keras.random.uniform((self.input_dim, 1), dtype=dtype, seed=self.seed_generator)
        return ops.take(ops.cast(ops.greater_equal(drawn, self.dropout), dtype), ops.cast(ids, "int32"), axis=0)

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "dropout": self.dropout, "rescaled": self.rescaled, "seed": self.seed}


@registered
class WordContextProduct(layers.Layer):  # type: ignore[misc]
    """``activation(word[i] . context[j])`` of pairs of ids ``(batch, 2)``: ``(batch, 1)``.

    As in Keras 0.2.0 (keras/layers/embeddings.py). Weights: the words' table and the contexts', each
    ``(input_dim, proj_dim)``.
    """

    def __init__(
        self,
        input_dim: int,
        proj_dim: int = 128,
        embeddings_initializer: Any = "random_uniform",
        activation: Any = "sigmoid",
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.input_dim = input_dim
        self.proj_dim = proj_dim
        self.embeddings_initializer = initializers.get(embeddings_initializer)
        self.activation = activations.get(activation)
        self.autocast = False  # ids are no numbers to compute with
        self.input_spec = layers.InputSpec(ndim=2)

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        shape = (self.input_dim, self.proj_dim)
        self.words = self.add_weight(name="words", shape=shape, initializer=self.embeddings_initializer)
        self.contexts = self.add_weight(name="contexts", shape=shape, initializer=self.embeddings_initializer)

    def call(self, inputs: Tensor) -> Tensor:
        ids = ops.cast(inputs, "int32")
        words, contexts = gather(self.words, ids[:, 0]), gather(self.contexts, ids[:, 1])
        return self.activation(ops.sum(ops.multiply(words, contexts), axis=1, keepdims=True))

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        return (input_shape[0], 1)

    def compute_output_spec(self, inputs: Any) -> Any:
        return keras.KerasTensor((inputs.shape[0], 1), dtype=self.compute_dtype)

    def get_config(self) -> dict[str, Any]:
        return {
            **super().get_config(),
            "input_dim": self.input_dim,
            "proj_dim": self.proj_dim,
            "embeddings_initializer": initializers.serialize(self.embeddings_initializer),
            "activation": activations.serialize(self.activation),
        }
