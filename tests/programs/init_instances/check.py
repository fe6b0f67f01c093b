def spans(model):
    return ['%.5f %.5f' % (layer.get_weights()[0].min(), layer.get_weights()[0].max()) for layer in model.layers]
