"""Run by test_training.py: Keras 3 trains on an endless iterator; prints the batches that it was given as JSON."""

from __future__ import annotations

import json

import keras
import numpy as np

from tdmigrate.compat import ImageDataGenerator


def main() -> None:
    x = np.arange(7 * 2 * 2, dtype="float32").reshape(7, 2, 2, 1) / 28
    y = np.arange(7, dtype="float32")
    expected = ImageDataGenerator().flow(x, y, batch_size=3, seed=1)
    batches = ImageDataGenerator().flow(x, y, batch_size=3, seed=1)
    model = keras.Sequential([keras.Input((2, 2, 1)), keras.layers.Flatten(), keras.layers.Dense(1)])
    model.compile(keras.optimizers.SGD(0.01), "mse")
    twin = keras.models.clone_model(model)
    twin.set_weights(model.get_weights())
    twin.compile(keras.optimizers.SGD(0.01), "mse")
    history = model.fit(batches, steps_per_epoch=3, epochs=2, verbose=0, shuffle=False).history["loss"]
    losses = []
    for _ in range(2):
        steps = []
        for _ in range(3):
            images, labels = next(expected)
            steps.append((float(np.mean((twin.predict(images, verbose=0)[:, 0] - labels) ** 2)), len(labels)))
            twin.train_on_batch(images, labels)
        losses.append(sum(loss * size for loss, size in steps) / sum(size for _, size in steps))
    print(json.dumps({"history": history, "losses": losses}))


if __name__ == "__main__":
    main()
