# -*- coding: utf-8 -*-
import cPickle as pickle
import itertools
import os
import tempfile
import types
if False:
    import keras


class Numbered(type):
    def __new__(mcs, name, bases, members):
        members['kind'] = name.lower()
        return type.__new__(mcs, name, bases, members)


class Stack(object):
    __metaclass__ = Numbered

    def __init__(self, items):
        self.items = list(items)
        self.place = 0

    def __iter__(self):
        return self

    def next(self):
        if self.place >= len(self.items):
            raise StopIteration, "no more"
        self.place += 1
        return self.items[self.place - 1]

    def __nonzero__(self):
        return len(self.items) > 0


stack = Stack([1, 2, 3])
print stack.kind, stack.next(), bool(Stack([])), bool(stack), [x for x in stack]
try:
    stack.next()
except StopIteration, error:
    print "stopped:", error
try:
    raise ValueError, "bad value"
except (KeyError, ValueError), error:
    print error.__class__.__name__, error
path = os.path.join(tempfile.mkdtemp(), 'data.pkl')
pickle.dump({'a': [1, 2]}, open(path, 'wb'))
print pickle.load(open(path, 'rb'))
print list(itertools.izip([1, 2], 'ab')), list(itertools.imap(len, ['a', 'bb'])), list(itertools.ifilter(None, [0, 1]))
print len(u'\u00e9'), repr(u'abc'[1])[-2:]
print isinstance(3, types.IntType), isinstance('a', types.StringType), unicode('a') == u'a', unichr(233) == u'é'
f = lambda (a, b): a + b
g = lambda (a, (b, (c, d))), e=(5, 6): (d, c, b, a, e)
print f((1, 2))
d = {'a': 1}
for key in d.keys():
    del d[key]
print d, os.getcwdu() == os.getcwd()
print g((1, (2, (3, 4)))), reduce(lambda total, (n, k): total + n * k, [(2, 3), (4, 5)], 0)
