'''Distillation: hard and soft targets in one vector, a temperature in the loss'''
import numpy as np
from keras import backend as K
from keras.models import Sequential, Model
from keras.layers import Dense, Input, Lambda, Activation, merge
from keras.objectives import categorical_crossentropy as cce
from keras.metrics import categorical_accuracy
import kd

rs = np.random.RandomState(8)
X = rs.randn(22, 5); lab = rs.randint(0, 3, 22); Y = np.eye(3)[lab]
teacher = kd.net(8)
teacher.compile('adam', 'categorical_crossentropy', metrics=['accuracy'])
teacher.fit(X, Y, nb_epoch=3, batch_size=6, verbose=0, shuffle=False)
logits = Model(teacher.input, teacher.layers[-2].output).predict(X)
soft = kd.softmax(logits / 2.)
student = kd.net(3)
student.pop()
x = student.layers[-1].output
student = Model(student.input, merge([Activation('softmax')(x), Activation('softmax')(Lambda(lambda v: v / 2.)(x))], mode='concat'))
student.compile('adam', kd.loss(.3), metrics=[kd.accuracy, kd.soft_loss])
h = student.fit(X, np.hstack([Y, soft]), nb_epoch=3, batch_size=6, verbose=0, shuffle=False)
for k in sorted(h.history):
    print(k, np.round(h.history[k], 6).tolist())
