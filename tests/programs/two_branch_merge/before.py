from keras.models import Sequential
from keras.layers import Merge, Dense, Activation, Embedding, LSTM, RepeatVector, TimeDistributed
import numpy as np
# image captions, 2015 style: two Sequentials merged
vocab, maxlen = 9, 4
image_model = Sequential()
image_model.add(Dense(5, input_dim=6, activation='relu'))
image_model.add(RepeatVector(maxlen))
language_model = Sequential()
language_model.add(Embedding(vocab, 5, input_length=maxlen))
language_model.add(LSTM(output_dim=6, return_sequences=True))
language_model.add(TimeDistributed(Dense(5)))
model = Sequential()
model.add(Merge([image_model, language_model], mode='concat', concat_axis=-1))
model.add(LSTM(7, return_sequences=False))
model.add(Dense(vocab))
model.add(Activation('softmax'))
model.compile(loss='categorical_crossentropy', optimizer='rmsprop', metrics=['accuracy'])
rs = np.random.RandomState(3)
images, partial_captions = rs.rand(10, 6), rs.randint(0, vocab, (10, maxlen))
next_words = np.eye(vocab)[rs.randint(0, vocab, 10)]
def batches(n):
    while 1:
        for i in range(0, 10, n):
            yield [images[i:i + n], partial_captions[i:i + n]], next_words[i:i + n]
h = model.fit_generator(batches(5), samples_per_epoch=10, nb_epoch=3, verbose=0, max_q_size=2, nb_worker=1,
                        validation_data=batches(2), nb_val_samples=4)
print(['%.5f' % v for v in h.history['loss']], ['%.5f' % v for v in h.history['val_loss']])
print(np.argmax(model.predict([images, partial_captions], batch_size=3), axis=1).tolist())
s = model.evaluate_generator(batches(5), val_samples=10)
print('%.5f %.5f' % (s[0], s[1]))
print(model.predict_generator(batches(5), val_samples=10).shape)
