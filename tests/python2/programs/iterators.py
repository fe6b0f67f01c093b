# -*- coding: utf-8 -*-
"""Batches, as a training script of the time made them."""
try:
    from itertools import izip
except ImportError:
    raise
from itertools import imap, izip_longest
if False:
    import keras


class Batches(object):
    def __init__(self, rows, size):
        self.rows = rows
        self.size = size
        self.start = 0

    def __iter__(self):
        return self

    def next(self):
        if self.start >= len(self.rows):
            raise StopIteration
        self.start += self.size
        return self.rows[self.start - self.size:self.start]

    def filter(self, wanted):
        return [row for row in self.rows if wanted(row)]


class Reversed(Batches):
    def next(self):
        return super(Reversed, self).next()[::-1]


class Node(object):
    def __init__(self, value, next=None):
        self.value = value
        self.next = next


rows = range(7)
batches = Batches(rows, 2)
print batches.next(), batches.next()[0], list(batches)
print Reversed(rows, 3).next().pop(), Batches(rows, 2).filter(lambda row: row % 2)
for left, right in zip(rows, rows[1:])[:2]:
    print left, right,
print
print list(izip(rows, 'ab'))
node = Node(1, Node(2, Node(3)))
while node.next:
    node = node.next
print node.value, sorted(map(lambda row: -row, rows)[1:3]), filter(lambda row: row > 4, rows)[0]
print map(lambda row: lambda more: row + more, [1, 2])[0](10)
table = {'a': {'b': 1}, 'c': {'d': 2}}
print sorted(table.values()[0].keys())[0] in 'bd', table.itervalues().next().keys()[0] in 'bd'
print list(imap(lambda row: row + 1, rows)).pop(), list(izip_longest([1], [2, 3]))[1]


def count(reduce=True, map=None):
    return reduce, map


print count(), reduce(lambda total, row: total + row, rows)
lines = iter(['a\n', 'b\n', ''])
for line in iter(lines.next, ''):
    print repr(line),
print
