def freeze(layers, flag):
    for layer in layers:
        layer.trainable = flag
