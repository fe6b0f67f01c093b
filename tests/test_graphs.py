"""Graphs of the shapes that programs of 2015 and 2016 have, through the whole tool, proved against genuine Keras."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import NamedTuple

import pytest

from tdmigrate.results import Proof
from tdmigrate.verification.jobs import Job
from tdmigrate.verification.program import Program
from tdmigrate.verification.prover import prove
from test_company import Migrated, migrate

EARLIEST, OLD, NEW = "0.2.0", "0.3.3", "1.0.8"
HOMES = {
    "Dense": "core", "Dropout": "core", "Activation": "core", "Flatten": "core", "TimeDistributedDense": "core",
    "Lambda": "core", "RepeatVector": "core", "Masking": "core", "Embedding": "embeddings", "LSTM": "recurrent",
    "GRU": "recurrent", "SimpleRNN": "recurrent", "Convolution1D": "convolutional", "MaxPooling1D": "convolutional",
    "Sequential": "models", "Graph": "models",
}  # fmt: skip


class Case(NamedTuple):
    name: str
    versions: tuple[str, ...]
    body: str
    written: bool = True  # as a functional model; else through the builder
    target: str = "graph"

    @property
    def text(self) -> str:
        names = [name for name in HOMES if re.search(rf"\b{name}\(", self.body)]
        homes = {name: "keras.models" if HOMES[name] == "models" else f"keras.layers.{HOMES[name]}" for name in names}
        return "".join(f"from {homes[name]} import {name}\n" for name in names) + "\n" + self.body


BOTH = (OLD, NEW)

CASES = [
    Case(
        "both_ways",  # the sentiment example of Keras 0.3 and 1.0
        BOTH,
        """\
graph = Graph()
graph.add_input(name='input', input_shape=(7,), dtype='int')
graph.add_node(Embedding(20, 8), name='embedding', input='input')
graph.add_node(LSTM(4), name='forward', input='embedding')
graph.add_node(LSTM(4, go_backwards=True), name='backward', input='embedding')
graph.add_node(Dropout(0.5), name='dropout', inputs=['forward', 'backward'])
graph.add_node(Dense(1, activation='sigmoid'), name='sigmoid', input='dropout')
graph.add_output(name='output', input='sigmoid')
graph.compile('adam', {'output': 'binary_crossentropy'})
graph.fit({'input': x, 'output': y}, batch_size=32, nb_epoch=4)
""",
    ),
    *(
        Case(
            f"sequences_{mode}",
            BOTH,
            f"""\
graph = Graph()
graph.add_input('frames', input_shape=(6, 5))
graph.add_node(GRU(4, return_sequences=True), 'left', 'frames')
graph.add_node(GRU(4, return_sequences=True, go_backwards=True), 'right', 'frames')
graph.add_node(TimeDistributedDense(3, activation='softmax'), 'tags', inputs=['left', 'right'], merge_mode='{mode}')
graph.add_output('out', 'tags')
""",
        )
        for mode in ("sum", "ave", "mul", "concat")
    ),
    Case(
        "along_another_axis",
        BOTH,
        """\
graph = Graph()
graph.add_input(name='a', input_shape=(4, 5))
graph.add_input(name='b', input_shape=(3, 5))
graph.add_node(LSTM(4), name='lstm', inputs=['a', 'b'], merge_mode='concat', concat_axis=1)
graph.add_output(name='out', input='lstm')
""",
    ),
    Case(
        "several_outputs",
        BOTH,
        """\
graph = Graph()
graph.add_input(name='x', input_shape=(6,))
graph.add_node(Dense(8, activation='tanh'), name='hidden', input='x')
graph.add_node(Dense(3, activation='softmax'), name='class', input='hidden', create_output=True)
graph.add_node(Dense(1), name='value', input='hidden')
graph.add_output(name='z_first', input='value')
graph.compile('sgd', {'class': 'categorical_crossentropy', 'z_first': 'mse'}, loss_weights={'class': 2.})
""",
    ),
    Case(
        "penalties",
        BOTH,
        """\
graph = Graph()
graph.add_input(name='x', input_shape=(6,))
graph.add_node(Dense(5, W_regularizer='l2', activation='tanh'), name='a', input='x')
graph.add_node(Dense(5, b_regularizer='l1'), name='b', input='a')
graph.add_node(Dense(2, W_regularizer='l1'), name='c', inputs=['a', 'b'], merge_mode='ave')
graph.add_output(name='out', input='c')
""",
    ),
    Case(
        "a_loose_end",
        BOTH,
        """\
graph = Graph()
graph.add_input(name='x', input_shape=(6,))
graph.add_node(Dense(5), name='a', input='x')
graph.add_node(Dense(7), name='loose', input='a')
graph.add_node(Dense(2), name='b', input='a')
graph.add_output(name='out', input='b')
""",
    ),
    Case(
        "a_helper_that_merges",
        BOTH,
        """\
def head(net, names, out):
    net.add_node(Dense(3), name='head', inputs=names, merge_mode='sum')
    net.add_output(name=out, input='head')

graph = Graph()
graph.add_input(name='a', input_shape=(6,))
graph.add_input(name='b', input_shape=(6,))
head(graph, ['a', 'b'], 'out')
""",
        written=False,
    ),
    Case(
        "an_output_inside",
        BOTH,
        """\
graph = Graph()
graph.add_input(name='x', input_shape=(6,))
graph.add_node(Dense(5, activation='tanh'), name='code', input='x', create_output=True)
graph.add_node(Dense(4), name='decoded', input='code')
graph.add_node(Dense(6), name='again', input='decoded')
graph.add_output(name='x_again', input='again')
""",
    ),
    Case(
        "an_output_of_merged_nodes",
        BOTH,
        """\
graph = Graph()
graph.add_input(name='x', input_shape=(6,))
graph.add_node(Dense(4), name='one', input='x')
graph.add_node(Dense(4, activation='relu'), name='two', input='x')
graph.add_output(name='out', inputs=['one', 'two'], merge_mode='mul')
""",
    ),
    Case(
        "shared_and_merged",
        BOTH,
        """\
graph = Graph()
graph.add_input(name='left', input_shape=(6,))
graph.add_input(name='right', input_shape=(6,))
graph.add_shared_node(Dense(4, activation='tanh'), name='both', inputs=['left', 'right'], merge_mode='concat')
graph.add_node(Dense(2), name='dense', input='both')
graph.add_output(name='out', input='dense')
""",
    ),
    Case(
        "shared_and_merged_by_sum",
        BOTH,
        """\
graph = Graph()
graph.add_input(name='left', input_shape=(5, 6))
graph.add_input(name='right', input_shape=(5, 6))
graph.add_shared_node(LSTM(4), name='both', inputs=['left', 'right'], merge_mode='sum', create_output=True)
""",
    ),
    Case(
        "shared_apart",
        BOTH,
        """\
graph = Graph()
graph.add_input(name='left', input_shape=(6,))
graph.add_input(name='right', input_shape=(6,))
graph.add_shared_node(Dense(4), name='shared', inputs=['left', 'right'], outputs=['l', 'r'])
graph.add_node(Activation('tanh'), name='act', input='l')
graph.add_node(Dense(2), name='dense', inputs=['act', 'r'])
graph.add_output(name='out', input='dense')
""",
    ),
    Case(
        "shared_outputs",
        BOTH,
        """\
graph = Graph()
graph.add_input(name='left', input_shape=(6,))
graph.add_input(name='right', input_shape=(6,))
graph.add_node(Dense(5), name='more', input='right')
graph.add_node(Dense(6), name='same', input='more')
graph.add_shared_node(Dense(4), name='shared', inputs=['left', 'same'], outputs=['l', 'r'], create_output=True)
""",
    ),
    Case(
        "a_stack_as_node",
        (OLD,),  # 1.0.8 finds its graph disconnected
        """\
left = Sequential()
left.add(Dense(5, input_shape=(6,), activation='tanh'))
left.add(Dense(4))
graph = Graph()
graph.add_input(name='x', input_shape=(6,))
graph.add_node(left, name='left', input='x')
graph.add_node(Dense(4), name='right', input='x')
graph.add_node(Dense(2), name='dense', inputs=['left', 'right'], merge_mode='sum')
graph.add_output(name='out', input='dense')
""",
    ),
    Case(
        "layers_in_variables",
        BOTH,
        """\
hidden = Dense(5, activation='tanh')
graph = Graph()
graph.add_input(name='x', input_shape=(6,))
graph.add_node(hidden, name='hidden', input='x')
last = Dense(2)
graph.add_node(layer=last, input='hidden', name='last')
graph.add_output(name='out', input='last')
""",
    ),
    Case(
        "dot_of_vectors_0",
        (OLD,),
        """\
graph = Graph()
graph.add_input(name='user', input_shape=(1,), dtype='int')
graph.add_input(name='item', input_shape=(1,), dtype='int')
graph.add_node(Embedding(9, 4, input_length=1), name='u', input='user')
graph.add_node(Embedding(8, 4, input_length=1), name='i', input='item')
graph.add_node(Flatten(), name='uf', input='u')
graph.add_node(Flatten(), name='if', input='i')
graph.add_node(Activation('sigmoid'), name='score', inputs=['uf', 'if'], merge_mode='dot', dot_axes=1)
graph.add_output(name='out', input='score')
""",
    ),
    Case(
        "dot_of_sequences_0",
        (OLD,),
        """\
graph = Graph()
graph.add_input(name='a', input_shape=(5, 4))
graph.add_input(name='b', input_shape=(4, 3))
graph.add_node(Activation('tanh'), name='c', inputs=['a', 'b'], merge_mode='dot', dot_axes=1)
graph.add_node(Activation('linear'), name='d', inputs=['a', 'a'], merge_mode='dot')
graph.add_node(Activation('linear'), name='e', inputs=['a', 'b'], merge_mode='dot', dot_axes=[[2], [1]])
graph.add_output(name='one', input='c')
graph.add_output(name='two', input='d')
graph.add_output(name='three', input='e')
""",
    ),
    Case(
        "dot_of_a_vector_and_a_sequence_0",  # as word2veckeras has it
        (OLD,),
        """\
graph = Graph()
graph.add_input(name='point', input_shape=(5,), dtype=int)
graph.add_input(name='index', input_shape=(3,), dtype=int)
graph.add_node(Embedding(9, 4, input_length=5), name='embedpoint', input='point')
graph.add_node(Embedding(8, 4, input_length=3), name='embedding', input='index')
graph.add_node(Flatten(), name='flat', input='embedding')
graph.add_node(Dense(4), name='average', input='flat')
graph.add_node(Activation('sigmoid'), name='sigmoid', inputs=['average', 'embedpoint'], merge_mode='dot', dot_axes=-1)
graph.add_output(name='code', input='sigmoid')
""",
    ),
    Case(
        "dot_in_a_loop_0",
        (OLD,),
        """\
graph = Graph()
for name in ('a', 'b'):
    graph.add_input(name=name, input_shape=(5,))
    graph.add_node(Dense(4), name=name + '_dense', input=name)
graph.add_node(Activation('tanh'), name='score', inputs=['a_dense', 'b_dense'], merge_mode='dot')
graph.add_output(name='out', input='score')
""",
        written=False,
    ),
    Case(
        "cos_0",
        (OLD,),
        """\
graph = Graph()
graph.add_input(name='a', input_shape=(6,))
graph.add_input(name='b', input_shape=(6,))
graph.add_node(Dense(4), name='c', input='a')
graph.add_node(Dense(4), name='d', input='b')
graph.add_node(Activation('tanh'), name='e', inputs=['c', 'd'], merge_mode='cos', dot_axes=[[1], [1]])
graph.add_output(name='out', input='e')
""",
    ),
    Case(
        "dot_1",
        (NEW,),
        """\
graph = Graph()
graph.add_input(name='a', input_shape=(5, 4))
graph.add_input(name='b', input_shape=(4,))
graph.add_node(Dense(4), name='c', input='b')
graph.add_node(Dense(4), name='d', input='b')
graph.add_node(Activation('tanh'), name='e', inputs=['c', 'd'], merge_mode='dot')
graph.add_node(Activation('tanh'), name='f', inputs=['a', 'c'], merge_mode='dot', dot_axes=[2, 1])
graph.add_output(name='one', input='e')
graph.add_output(name='two', input='f')
""",
    ),
    Case(
        "cos_1",
        (NEW,),
        """\
graph = Graph()
graph.add_input(name='a', input_shape=(6,))
graph.add_input(name='b', input_shape=(6,))
graph.add_shared_node(Dense(4, activation='tanh'), name='c', inputs=['a', 'b'], outputs=['ca', 'cb'])
graph.add_node(Activation('sigmoid'), name='e', inputs=['ca', 'cb'], merge_mode='cos')
graph.add_output(name='out', input='e')
""",
    ),
    Case(
        "shared_cos_1",
        (NEW,),
        """\
graph = Graph()
graph.add_input(name='a', input_shape=(6,))
graph.add_input(name='b', input_shape=(6,))
graph.add_shared_node(Dense(4, activation='tanh'), name='alike', inputs=['a', 'b'], merge_mode='cos')
graph.add_output(name='out', input='alike')
""",
    ),
    Case(
        "names_that_are_taken",
        BOTH,
        """\
dense = 3
graph = Graph()
graph.add_input(name='input', input_shape=(6,))
graph.add_node(Dense(dense), name='dense', input='input')
graph.add_node(Dense(3), name='1st layer', input='input')
graph.add_node(Dense(3), name='lambda', input='1st layer')
graph.add_node(Dense(3), name='Dense', input='lambda')
graph.add_node(Dense(3), name='concatenate', inputs=['dense', 'Dense', 'lambda'])
graph.add_output(name='print', input='concatenate')
""",
    ),
    Case(
        "in_a_function",
        BOTH,
        """\
def build(width, hidden=5):
    '''A model.'''
    graph = Graph()
    graph.add_input(name='x', input_shape=(width,))  # the features
    # a comment of its own
    graph.add_node(Dense(hidden,  # wide
                         activation='tanh'),
                   name='hidden',  # its name
                   input='x')
    graph.add_output(name='out',  # the end
                     input='hidden')
    return graph

graph = build(4)
""",
    ),
    Case(
        "convolutions_of_several_lengths",
        BOTH,
        """\
graph = Graph()
graph.add_input(name='words', input_shape=(9, 4))
graph.add_node(Convolution1D(3, 2, activation='relu'), name='conv2', input='words')
graph.add_node(Convolution1D(3, 3, activation='relu'), name='conv3', input='words')
graph.add_node(MaxPooling1D(pool_length=8), name='pool2', input='conv2')
graph.add_node(MaxPooling1D(pool_length=7), name='pool3', input='conv3')
graph.add_node(Flatten(), name='flat', inputs=['pool2', 'pool3'])
graph.add_node(Dense(2, activation='softmax'), name='softmax', input='flat')
graph.add_output(name='out', input='softmax')
""",
    ),
    Case(
        "a_residual",
        BOTH,
        """\
graph = Graph()
graph.add_input('x', (6,))
graph.add_node(Dense(6, activation='relu'), 'h1', 'x')
graph.add_node(Dense(6), 'h2', 'h1')
graph.add_node(Activation('relu'), 'h3', inputs=['h2', 'x'], merge_mode='sum')
graph.add_node(Dense(2), 'y', 'h3', create_output=True)
""",
    ),
    Case(
        "two_graphs",
        BOTH,
        """\
graph = Graph()
graph.add_input('x', (6,))
graph.add_node(Dense(3), 'dense', 'x')
graph.add_output('out', 'dense')
other = Graph()
other.add_input('x', (6,))
other.add_node(Dense(2), 'dense', 'x')
other.add_output('out', 'dense')
""",
    ),
    Case(
        "in_a_class",
        BOTH,
        """\
class Net(object):
    def __init__(self, n):
        self.graph = Graph()
        self.graph.add_input(name='x', input_shape=(n, 3))
        self.graph.add_node(SimpleRNN(4), name='rnn', input='x')
        self.graph.add_output(name='y', input='rnn')
        self.graph.compile('rmsprop', {'y': 'mse'})

    def train(self, x, y):
        self.graph.fit({'x': x, 'y': y}, batch_size=8, nb_epoch=1)
        return self.graph.predict({'x': x}, batch_size=8)['y']

net = Net(5)
graph = net.graph
""",
        target="net.graph",
    ),
    Case(
        "free_length",
        BOTH,
        """\
graph = Graph()
graph.add_input(name='x', input_shape=(None, 4))
graph.add_node(LSTM(5, return_sequences=True), name='a', input='x')
graph.add_node(LSTM(3), name='b', inputs=['x', 'a'])
graph.add_output(name='out', input='b')
""",
    ),
    Case(
        "a_whole_batch",
        BOTH,
        """\
graph = Graph()
graph.add_input(name='x', batch_input_shape=(3, 4))
graph.add_node(Dense(5), name='a', input='x')
graph.add_output(name='out', input='a')
""",
    ),
    Case(
        "joined_masks",
        (NEW,),
        """\
graph = Graph()
graph.add_input(name='x', input_shape=(6,), dtype='int')
graph.add_node(Embedding(9, 4, mask_zero=True), name='e', input='x')
graph.add_node(LSTM(3, return_sequences=True), name='a', input='e')
graph.add_node(LSTM(3, return_sequences=True, go_backwards=True), name='b', input='e')
graph.add_node(LSTM(2), name='c', inputs=['a', 'b'])
graph.add_output(name='out', input='c')
""",
    ),
    Case(
        "as_0.2_had_it",
        (EARLIEST, OLD),
        """\
graph = Graph()
graph.add_input(name='x', input_shape=(6,))
graph.add_input(name='ids', input_shape=(5,), dtype='int')
graph.add_node(Embedding(9, 4), name='e', input='ids')
graph.add_node(LSTM(4), name='l', input='e')
graph.add_node(Dense(4), name='d', input='x')
graph.add_node(Dense(2), name='z', inputs=['l', 'd'], merge_mode='ave')
graph.add_output(name='out', input='z')
""",
    ),
    *(
        Case(
            f"a_choice_{way}",
            BOTH,
            f"""\
known = {way}
graph = Graph()
graph.add_input(name='x', input_shape=(6,))
if known:
    graph.add_node(Dense(5), name='a', input='x')
    graph.add_node(Dense(4, activation='tanh'), name='b', input='a')
else:
    # from scratch
    graph.add_node(Dense(4), name='b', input='x')
    graph.add_node(Dense(3), name='a', input='b')
graph.add_node(Dense(2), name='c', inputs=['a', 'b'])
graph.add_output(name='out', input='c')
""",
        )
        for way in ("True", "False")
    ),
    Case(
        "a_loop",
        BOTH,
        """\
graph = Graph()
graph.add_input(name='x', input_shape=(6,))
for i in range(3):
    graph.add_node(Dense(i + 2, activation='tanh'), name='h%d' % i, input='x')
graph.add_node(Dense(2), name='y', inputs=['h%d' % i for i in range(3)])
graph.add_output(name='out', input='y')
""",
        written=False,
    ),
    Case(
        "a_deep_loop",
        BOTH,
        """\
def build(depth=3):
    graph = Graph()
    graph.add_input(name='x', input_shape=(5, 4))
    last = 'x'
    for i in range(depth):
        graph.add_node(LSTM(3, return_sequences=True), name='lstm_{}'.format(i), input=last)
        last = 'lstm_{}'.format(i)
    graph.add_shared_node(TimeDistributedDense(2), name='s', inputs=['lstm_0', last], merge_mode='sum')
    graph.add_output(name='out', input='s')
    return graph

graph = build()
""",
        written=False,
    ),
    Case(
        "a_helper",
        BOTH,
        """\
def tower(graph, name, source):
    graph.add_node(Dense(4, activation='relu'), name=name + '_1', input=source)
    graph.add_node(Dense(3), name=name + '_2', input=name + '_1')
    return name + '_2'

graph = Graph()
graph.add_input(name='a', input_shape=(6,))
graph.add_input(name='b', input_shape=(5,))
ends = [tower(graph, 'left', 'a'), tower(graph, 'right', 'b')]
graph.add_output(name='out', inputs=ends, merge_mode='mul')
""",
        written=False,
    ),
    Case(
        "a_name_as_parameter",
        BOTH,
        """\
def build(use='x'):
    graph = Graph()
    graph.add_input(name=use, input_shape=(6,))
    graph.add_node(Dense(4), name='h', input=use)
    graph.add_output(name='out', input='h')
    return graph

graph = build()
""",
        written=False,
    ),
    Case(
        "a_condition",
        BOTH,
        """\
deep = True
graph = Graph()
graph.add_input(name='a/b', input_shape=(6,))
graph.add_node(Dense(4), name='h', input='a/b')
if deep:
    graph.add_node(Dense(4, activation='tanh'), name='h2', input='h')
graph.add_output(name='out', input='h2' if deep else 'h')
""",
        written=False,
    ),
]
RUNS = [(case, version) for case in CASES for version in case.versions]
IDS = [f"{case.name}-{version}" for case, version in RUNS]
each = pytest.mark.parametrize(("case", "version"), RUNS, ids=IDS)


def migrated(case: Case, version: str) -> Migrated:
    return migrate(case.text, version)


def test_there_are_enough() -> None:
    assert len(CASES) >= 25


@each
def test_nothing_is_left_and_a_second_run_is_quiet(case: Case, version: str) -> None:
    done = migrated(case, version)
    assert done.left == ()
    assert done.again == ()
    ast.parse(done.text)
    assert ("import Graph" in done.text) is not case.written
    assert all(comment in done.text for comment in re.findall(r"#.*", case.text))


@pytest.fixture(scope="module")
def proofs(legacy_path: Path) -> dict[str, Proof]:
    jobs = []
    for (case, version), name in zip(RUNS, IDS, strict=True):
        old, new = programs(case, migrated(case, version).text)
        jobs.append(Job(name, 1, old.source, old.target, new.source, new.target, version, finished=True))
    return {job.model: proof for job, proof in zip(jobs, prove(jobs, legacy_path), strict=True)}


def programs(case: Case, new: str) -> tuple[Program, Program]:
    """Both sources without their training, as the tool cuts them out; the last statements say which model."""
    if case.target != "graph":
        return Program(case.text, case.target), Program(new, case.target)
    found = []
    for text in (case.text, new):
        kept = [line for line in text.splitlines() if not re.match(r"graph\.(compile|fit)\(", line)]
        found.append(Program("\n".join(kept) + "\n", "graph"))
    return found[0], found[1]


@pytest.mark.legacy
@pytest.mark.slow
@each
def test_it_computes_what_the_old_one_did(case: Case, version: str, proofs: dict[str, Proof]) -> None:
    proof = proofs[f"{case.name}-{version}"]
    assert proof.status == "equal", proof
    assert proof.outputs is not None
    assert proof.outputs.max_abs < 1e-10
