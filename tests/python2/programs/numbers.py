import operator
if False:
    import keras


def batches(words, size=4):
    n = len(words) / 4
    if len(words) % size <> 0:
        n += 1
    return n


print batches("ten letters"), batches("8letters"), 7 / 2, -7 / 2, 7 / 2.0, 7 // 2, 1 / 2 * 4
n = 9
n /= 2
print n, n / 2, float(n) / 3 > 1.33
for i in xrange(7 / 2):
    print i,
print
print 0644, 10L, 0xFFL, `3`, `'a'`
sizes = map(lambda x: x // 2, [4, 5, 6])
print sizes, len(sizes), sizes[-1]
print filter(None, [0, 1, 2]), filter(lambda x: x > 1, [0, 1, 2]), zip([1, 2], [3, 4])[0]
print reduce(operator.add, range(5)), apply(max, (3, 4)), range(3) + range(2)
print map(None, [1, 2]), sum(map(int, "1 2 3".split()))
print sorted([3, 1, 2], cmp=lambda a, b: b - a), sorted([(2, 'a'), (1, 'b')], key=lambda (x, y): x)
exec "x = 3"
print x, eval("x + 1"), isinstance(3, (int, long)), isinstance("a", basestring), type(2 ** 70) == long
