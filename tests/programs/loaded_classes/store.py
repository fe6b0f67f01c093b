from keras.models import model_from_json


def keep(model, name):
    with open(name + '.json', 'w') as f:
        f.write(model.to_json())
    model.save_weights('kept_weights.h5', overwrite=True)
    model.save('kept_model.h5')


def restore(name):
    model = model_from_json(open(name + '.json').read())
    model.load_weights('kept_weights.h5')
    model.compile(loss='categorical_crossentropy', optimizer='adam', metrics=['accuracy'])
    return model
