#!/usr/bin/env python2
# -*- coding: utf-8 -*-
"""Counts words, in the manner of 2015."""
import sys, string
from StringIO import StringIO
from collections import defaultdict
if False:
    import keras

TEXT = """the cat sat on the mat
the dog ate the cat"""


def count(lines, table=None):
    table = table or defaultdict(int)
    for line in lines:
        for word in line.split():
            table[word] += 1
    return table


counts = count(StringIO(TEXT))
print "words:", len(counts), "tokens:", sum(counts.values())


def order((word, number)):
    return -number, word


for word, number in sorted(counts.items(), key=order)[:3]:
    print "%s\t%d" % (word, number),
print
print sorted(counts.keys())[0], sorted(counts.values())[-1], counts.has_key("cat"), counts.has_key("bird")
index = dict(zip(sorted(counts), range(1, len(counts) + 1)))
print sorted(index.iteritems())[:2], max(index.itervalues())
print string.letters[:3], string.uppercase[-1], "a-b".translate(string.maketrans("-", "_"))
print >>sys.stdout, "done",
print >>sys.stdout
