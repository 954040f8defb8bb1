// bench_graphs.c: how long a plan takes against the number of nodes: made-up graphs of residual
// blocks with 1,000, 10,000 and 100,000 nodes. Time for each node should not grow. Of model files
// that are named it tells the largest graph and the slowest plan. Judges nothing.
//
//     bench-graphs [FILE...]
#include "onnx_winit.h"
#include "support/bytes.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { WIDTH = 16, BLOCK_NODES = 7, NAME = 32 };

// Where a block's weights are.
typedef enum kind {
    OWN,    // initializers of its own
    SHARED, // one set of initializers for all blocks
    INPUTS, // graph inputs, as exports without parameters have them
    CALLS   // a function's arguments: a block is one node of the main graph
} kind;

static const char *const kinds[] = {"own weights", "shared weights", "inputs", "function calls"};

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

// A node with one output and inputs up to NULL.
static void add_node(bytes *graph, uint32_t field, const char *op, const char *output, ...) {
    bytes node = {0};
    va_list inputs;
    va_start(inputs, output);
    for (const char *input; (input = va_arg(inputs, const char *));) {
        put_text(&node, 1, input);
    }
    va_end(inputs);
    put_text(&node, 2, output);
    put_text(&node, 4, op);
    put_message(graph, field, &node);
}

static void add_tensor(bytes *graph, const char *name, int rank) {
    bytes tensor = {0};
    for (int i = 0; i < rank; i++) {
        put_number(&tensor, 1, WIDTH);
    }
    put_number(&tensor, 2, 1);
    put_text(&tensor, 8, name);
    put_message(graph, 5, &tensor);
}

// A graph input or output of [WIDTH] or [WIDTH, WIDTH]; rank 0 stands for [N, WIDTH].
static void add_value(bytes *graph, uint32_t field, const char *name, int rank) {
    bytes shape = {0}, tensor = {0}, type = {0}, info = {0};
    for (int i = 0; i < (rank ? rank : 2); i++) {
        bytes dim = {0};
        if (!rank && !i) {
            put_text(&dim, 2, "N");
        } else {
            put_number(&dim, 1, WIDTH);
        }
        put_message(&shape, 1, &dim);
    }
    put_number(&tensor, 1, 1);
    put_message(&tensor, 2, &shape);
    put_message(&type, 1, &tensor);
    put_text(&info, 1, name);
    put_message(&info, 2, &type);
    put_message(graph, field, &info);
}

// out = in + silu(norm(in * transpose(w) + b)); `suffix` makes the names its own.
static void add_block(bytes *graph, uint32_t field, const char *suffix, const char *in,
                      const char *const weights[3], const char *out) {
    static const char *const words[] = {"t", "h", "a", "n", "e", "r"};
    char name[6][NAME];
    for (int i = 0; i < 6; i++) {
        snprintf(name[i], NAME, "%s%s", words[i], suffix);
    }
    add_node(graph, field, "Transpose", name[0], weights[0], NULL);
    add_node(graph, field, "MatMul", name[1], in, name[0], NULL);
    add_node(graph, field, "Add", name[2], name[1], weights[1], NULL);
    add_node(graph, field, "LayerNormalization", name[3], name[2], weights[2], NULL);
    add_node(graph, field, "Sigmoid", name[4], name[3], NULL);
    add_node(graph, field, "Mul", name[5], name[3], name[4], NULL);
    add_node(graph, field, "Add", out, in, name[5], NULL);
}

static void add_weights(bytes *graph, kind of, const char *const weights[3]) {
    static const int ranks[] = {2, 1, 1};
    for (int i = 0; i < 3; i++) {
        if (of == INPUTS) {
            add_value(graph, 11, weights[i], ranks[i]);
        } else {
            add_tensor(graph, weights[i], ranks[i]);
        }
    }
}

static bytes make_graph(kind of, size_t blocks) {
    bytes graph = {0};
    char in[NAME] = "x", out[NAME], suffix[NAME], name[3][NAME];
    const char *const weights[3] = {name[0], name[1], name[2]};
    add_value(&graph, 11, in, 0);
    for (size_t i = 0; i < blocks; i++) {
        snprintf(suffix, NAME, "%zu", i);
        snprintf(out, NAME, "y%zu", i);
        for (int k = 0; k < 3; k++) {
            snprintf(name[k], NAME, "%c%zu", "wbg"[k], of == SHARED ? 0 : i);
        }
        if (of != SHARED || i == 0) {
            add_weights(&graph, of, weights);
        }
        if (of == CALLS) {
            bytes call = {0};
            put_text(&call, 1, in);
            for (int k = 0; k < 3; k++) {
                put_text(&call, 1, name[k]);
            }
            put_text(&call, 2, out);
            put_text(&call, 4, "Block");
            put_text(&call, 7, "bench");
            put_message(&graph, 1, &call);
        } else {
            add_block(&graph, 1, suffix, in, weights, out);
        }
        snprintf(in, NAME, "%s", out);
    }
    add_value(&graph, 12, in, 0);
    return graph;
}

static void put_opset(bytes *owner, uint32_t field, const char *domain) {
    bytes opset = {0};
    put_text(&opset, 1, domain);
    put_number(&opset, 2, 17);
    put_message(owner, field, &opset);
}

static bytes make_model(kind of, size_t blocks) {
    static const char *const arguments[] = {"x", "w", "b", "g"};
    bytes model = {0}, graph = make_graph(of, blocks);
    put_number(&model, 1, 8);
    put_message(&model, 7, &graph);
    put_opset(&model, 8, "");
    if (of == CALLS) {
        bytes function = {0};
        put_opset(&model, 8, "bench");
        put_text(&function, 1, "Block");
        for (int i = 0; i < 4; i++) {
            put_text(&function, 4, arguments[i]);
        }
        put_text(&function, 5, "y");
        add_block(&function, 7, "", "x", arguments + 1, "y");
        put_opset(&function, 9, "");
        put_text(&function, 10, "bench");
        put_message(&model, 25, &function);
    }
    return model;
}

typedef struct measured {
    const char *path;
    double milliseconds; // from the file to the plan, the best of some runs
    uint64_t nodes;      // of the main graph and its bodies
    bool refused;
} measured;

static measured measure(const char *path) {
    measured best = {path, 1e9, 0, false};
    for (int run = 0; run < 5 && !best.refused; run++) {
        owi_model *model = NULL;
        const owi_plan *plan = NULL;
        owi_options options = OWI_OPTIONS_INIT;
        owi_error error;
        double start = now();
        best.refused = owi_model_open(path, &model, &error) != OWI_OK ||
                       owi_plan_make(model, &options, &plan, &error) != OWI_OK;
        double time = (now() - start) * 1e3;
        owi_model_info info = {0};
        if (!best.refused && owi_model_describe(model, &info, &error) == OWI_OK) {
            best.nodes = info.nodes;
        }
        owi_model_close(model);
        best.milliseconds = time < best.milliseconds ? time : best.milliseconds;
    }
    return best;
}

static void tell(const char *what, const measured *one) {
    printf("%s: %s, %llu nodes, %.2f ms\n", what, one->path, (unsigned long long)one->nodes,
           one->milliseconds);
}

static void measure_files(int count, char **paths) {
    measured largest = {0}, slowest = {0};
    int planned = 0;
    for (int i = 0; i < count; i++) {
        measured one = measure(paths[i]);
        planned += !one.refused;
        largest = !one.refused && one.nodes > largest.nodes ? one : largest;
        slowest = !one.refused && one.milliseconds > slowest.milliseconds ? one : slowest;
    }
    printf("\n%d files planned, %d refused\n", planned, count - planned);
    if (planned) {
        tell("largest graph", &largest);
        tell("slowest plan", &slowest);
    }
}

int main(int count, char **arguments) {
    printf("%-16s %8s %10s %12s\n", "weights", "nodes", "ms", "us a node");
    for (kind of = OWN; of <= CALLS; of++) {
        for (size_t nodes = 1000; nodes <= 100 * 1000; nodes *= 10) {
            bytes model = make_model(of, nodes / BLOCK_NODES);
            const char *path = test_path("graph.onnx");
            write_file(path, model.data, model.length);
            measured time = measure(path);
            printf("%-16s %8zu %10.2f %12.3f\n", kinds[of], nodes, time.milliseconds,
                   time.milliseconds * 1e3 / (double)nodes);
            fflush(stdout);
            bytes_free(&model);
        }
    }
    if (count > 1) {
        measure_files(count - 1, arguments + 1);
    }
    return 0;
}
