#include "plan/policy.h"
#include "plan/rule_file.h"
#include "plan/wishes.h"
#include "support/temp.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static owi_arena arena;
static temp folder;

static int set_up(void **state) {
    (void)state;
    folder = temp_make();
    return 0;
}

static int tear_down(void **state) {
    (void)state;
    temp_remove(&folder);
    owi_arena_free(&arena);
    return 0;
}

static owi_status read(const char *text, owi_rules *rules, owi_rule_file *file, owi_error *error) {
    char *path = temp_file(&folder, "r.yaml", text, strlen(text));
    *rules = (owi_rules){0};
    *file = (owi_rule_file){.rules = rules};
    owi_status status = owi_rule_file_read(&arena, path, "r.yaml", file, error);
    free(path);
    return status;
}

static owi_rules rules_of(const char *text) {
    owi_rules rules;
    owi_rule_file file;
    owi_error error = {OWI_OK, ""};
    if (read(text, &rules, &file, &error) != OWI_OK) {
        fail_msg("%s", error.text);
    }
    return rules;
}

static void files_hold_rules_in_order(void **state) {
    (void)state;
    owi_rules rules = rules_of("about: a test\n"
                               "residual_scale: always\n"
                               "rules:\n"
                               "  - name: 'head\\..*'   # a comment\n"
                               "    role: [conv.weight, linear.weight]\n"
                               "    rank: [2, 4]\n"
                               "    when: [output_unit, attention]\n"
                               "    scheme: normal(0, 0.02)\n"
                               "    why: heads start small\n"
                               "  - {op: Gather, zero_row: -1}\n"
                               "  - activation: rectified\n"
                               "    residual_scale: never\n"
                               "    keep: true\n"
                               "  - freeze: true\n");
    assert_int_equal(rules.count, 4);
    const owi_rule *rule = &rules.items[0];
    assert_string_equal(owi_names_text(rule->name, 0), "head\\..*");
    assert_int_equal(rule->role,
                     OWI_MEMBER(OWI_ROLE_CONV_WEIGHT) | OWI_MEMBER(OWI_ROLE_LINEAR_WEIGHT));
    assert_int_equal(rule->rank, OWI_MEMBER(2) | OWI_MEMBER(4));
    assert_int_equal(rule->when,
                     OWI_MEMBER(OWI_CONDITION_OUTPUT_UNIT) | OWI_MEMBER(OWI_CONDITION_ATTENTION));
    assert_int_equal(rule->spec.scheme, OWI_SCHEME_normal);
    assert_string_equal(rule->why, "heads start small");
    assert_string_equal(rule->place, "r.yaml:4");
    assert_int_equal(rule->residual_scale, OWI_RESIDUAL_ALWAYS);
    assert_false(rule->policy);
    rule = &rules.items[1];
    assert_null(rule->scheme);
    assert_true(rule->has_zero_row);
    assert_int_equal(rule->zero_row, -1);
    assert_string_equal(rule->place, "r.yaml:10");
    rule = &rules.items[2];
    assert_true(rule->activation & OWI_MEMBER(OWI_ACTIVATION_silu));
    assert_false(rule->activation & OWI_MEMBER(OWI_ACTIVATION_tanh));
    assert_int_equal(rule->residual_scale, OWI_RESIDUAL_NEVER);
    assert_int_equal(rule->spec.scheme, OWI_SCHEME_keep);
    assert_true(rules.items[3].freeze);
}

static void json_is_read_too(void **state) {
    (void)state;
    owi_rules rules = rules_of("{\n\t\"policy\": true,\n\t\"rules\": [\n"
                               "\t\t{\"name\": \"a\\/b\\u00e9\", \"scheme\": \"uniform(-1, 1)\"}\n"
                               "\t]\n}\n");
    assert_int_equal(rules.count, 1);
    assert_string_equal(owi_names_text(rules.items[0].name, 0), "a/b\xc3\xa9");
    assert_string_equal(rules.items[0].place, "r.yaml:4");
    assert_true(rules.items[0].policy);
}

static void wrong_files_are_told_with_their_line(void **state) {
    (void)state;
    static const struct {
        const char *text, *answer;
    } wrong[] = {
        {"", "r.yaml:1: expected rules; the file is empty"},
        {"- a\n", "r.yaml:1: expected \"rules:\" and a list"},
        {"about: x\n", "r.yaml:2: expected rules"},
        {"rules: 3\n", "r.yaml:1: expected a list of rules"},
        {"rules:\n  - 3\n", "r.yaml:2: expected a rule: fields and what to do"},
        {"ruels: []\n", "r.yaml:1: there is no key 'ruels'; did you mean rules?"},
        {"rules: []\nabout: x\n", "r.yaml:2: the rules come last"},
        {"rules: []\nrules: []\n", "r.yaml:2: a key is given twice"},
        {"rules: []\n---\nrules: []\n", "r.yaml:2: expected one document"},
        {"rules:\n  - role: bais\n    scheme: zeros\n",
         "r.yaml:2: there is no role 'bais'; did you mean bias?"},
        {"rules:\n  - rloe: bias\n", "r.yaml:2: there is no key 'rloe'; did you mean role?"},
        {"rules:\n  - role: bias\n    role: bias\n", "r.yaml:3: a key is given twice"},
        {"rules:\n  - role: bias\n", "r.yaml:2: a rule that does nothing: expected scheme, keep, "
                                     "freeze or zero_row"},
        {"rules:\n  - scheme: he_norml\n",
         "r.yaml:2: there is no scheme 'he_norml'; did you mean he_normal?"},
        {"rules:\n  - {scheme: zeros, keep: true}\n",
         "r.yaml:2: a rule has a scheme or keep, not both"},
        {"rules:\n  - keep: yes\n", "r.yaml:2: expected true or false"},
        {"rules:\n  - name: '('\n    keep: true\n",
         "r.yaml:2: name '(': missing closing parenthesis at offset 1"},
        {"rules:\n  - name: [a, b]\n    keep: true\n",
         "r.yaml:2: name: expected one pattern; a|b matches either"},
        {"rules:\n  - name:\n    keep: true\n", "r.yaml:2: expected a text that is not empty"},
        {"rules:\n  - rank: two\n    keep: true\n",
         "r.yaml:2: rank 'two': expected a number below 32"},
        {"rules:\n  - zero_row: 1.5\n", "r.yaml:2: expected a whole number"},
        {"rules:\n  - residual_scale: allways\n",
         "r.yaml:2: there is no residual_scale 'allways'; did you mean always?"},
        {"rules:\n  - when: output_uint\n    keep: true\n",
         "r.yaml:2: there is no when 'output_uint'; did you mean output_unit?"},
        {"rules:\n  - &a {keep: true}\n  - *a\n", "r.yaml:2: anchors and aliases are not allowed"},
        {"rules:\n  - {keep: true\n", "r.yaml:3: did not find expected ',' or '}'"},
        {"rules:\n  - name: \"\\0\"\n", "r.yaml:2: expected a text that is not empty"},
        {"rules:\n\t- keep: true\n", "r.yaml:2: found character that cannot start any token"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        owi_rules rules;
        owi_rule_file file;
        owi_error error = {OWI_OK, ""};
        assert_int_equal(read(wrong[i].text, &rules, &file, &error), OWI_USAGE);
        assert_string_equal(error.text, wrong[i].answer);
    }
}

static void files_that_cannot_be_read_are_told(void **state) {
    (void)state;
    owi_rules rules = {0};
    owi_rule_file file = {.rules = &rules};
    owi_error error;
    assert_int_equal(owi_rule_file_read(&arena, "nowhere.yaml", "nowhere.yaml", &file, &error),
                     OWI_SYSTEM);
    assert_string_equal(error.text, "nowhere.yaml: cannot be opened: No such file or directory");
    size_t size = 300 * 1024;
    char *large = malloc(size + 1);
    memset(large, '\n', size);
    large[size] = '\0';
    assert_int_equal(read(large, &rules, &file, &error), OWI_USAGE);
    assert_string_equal(error.text, "r.yaml: more than 262144 bytes");
    free(large);
}

static void memory_that_runs_out_leaks_nothing(void **state) {
    (void)state;
    static const char text[] = "rules:\n  - {name: 'a.*', scheme: zeros}\n";
    char *path = temp_file(&folder, "r.yaml", text, strlen(text));
    size_t failures = 0;
    owi_status status = OWI_UNSUPPORTED;
    for (size_t limit = 256 * 1024; status != OWI_OK; limit += 64) {
        owi_arena small = {.limit = limit};
        jmp_buf exhausted;
        owi_rules rules = {0};
        owi_rule_file file = {.rules = &rules};
        owi_error error = {OWI_OK, ""};
        small.exhausted = &exhausted;
        status = OWI_UNSUPPORTED; // what a guard says when the arena's limit is reached
        if (!setjmp(exhausted)) {
            status = owi_rule_file_read(&small, path, "r.yaml", &file, &error);
        }
        failures += status == OWI_UNSUPPORTED;
        assert_true(status == OWI_OK || status == OWI_UNSUPPORTED);
        owi_arena_free(&small);
    }
    free(path);
    assert_true(failures > 0);
}

static void the_policy_reads_back(void **state) {
    (void)state;
    owi_rules policy = {0}, again = {0};
    owi_error error = {OWI_OK, ""};
    assert_int_equal(owi_policy_read(&arena, &policy, &error), OWI_OK);
    assert_true(policy.count > 30);
    for (size_t i = 0; i < policy.count; i++) {
        const char *text =
            owi_arena_printf(&arena, "{%s}", owi_rule_mapping(&arena, &policy.items[i], ", "));
        if (owi_rule_mapping_read(&arena, text, "here", &again, &error) != OWI_OK) {
            fail_msg("%s: %s", text, error.text);
        }
        const owi_rule *a = &policy.items[i], *b = &again.items[i];
        assert_int_equal(a->role, b->role);
        assert_int_equal(a->profile, b->profile);
        assert_int_equal(a->activation, b->activation);
        assert_int_equal(a->when, b->when);
        assert_int_equal(a->residual_scale, b->residual_scale);
        assert_memory_equal(&a->spec, &b->spec, sizeof a->spec);
        assert_string_equal(a->why, b->why);
    }
}

// Line breaks (three of them not ASCII), a tab, marks, and what is no character.
static void any_text_reads_back(void **state) {
    (void)state;
    static const char *const texts[] = {"it's",
                                        "two\nlines",
                                        "a \n\n b\r\"c\"\\",
                                        "\ttab\x01",
                                        "\xc2\x85\xe2\x80\xa8\xe2\x80\xa9",
                                        "\xef\xbb\xbf",
                                        "\xef\xbf\xbe\xf4\x8f\xbf\xbf",
                                        "\xc3\xa9\n\xf0\x9f\x8d\x8b"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        owi_rules again = {0};
        owi_error error = {OWI_OK, ""};
        const owi_rule rule = {.scheme = "zeros", .why = texts[i]};
        const char *text = owi_arena_printf(&arena, "{%s}", owi_rule_mapping(&arena, &rule, ", "));
        assert_null(strchr(text, '\n'));
        if (owi_rule_mapping_read(&arena, text, "here", &again, &error) != OWI_OK) {
            fail_msg("%s: %s", text, error.text);
        }
        assert_string_equal(again.items[0].why, texts[i]);
    }
}

static owi_rule option(const char *text) {
    owi_rules rules = {0};
    owi_error error = {OWI_OK, ""};
    if (owi_rule_option_read(&arena, text, 7, &rules, &error) != OWI_OK) {
        fail_msg("%s", error.text);
    }
    return rules.items[0];
}

static void options_are_split_before_the_scheme(void **state) {
    (void)state;
    owi_rule rule = option("(?=x)a=b.*=normal(mean=0, std=0.5)");
    assert_string_equal(owi_names_text(rule.name, 0), "(?=x)a=b.*");
    assert_string_equal(rule.scheme, "normal(mean=0, std=0.5)");
    assert_string_equal(rule.place, "--rule 7");
    assert_string_equal(owi_names_text(option("normal=zeros=ones").name, 0), "normal=zeros");
    assert_int_equal(option("a=keep").spec.scheme, OWI_SCHEME_keep);
    rule = option("{role: bias, op: 'Conv.*', freeze: true}");
    assert_int_equal(rule.role, OWI_MEMBER(OWI_ROLE_BIAS));
    assert_string_equal(owi_names_text(rule.op, 0), "Conv.*");
    assert_string_equal(rule.place, "--rule 7");
}

static void wrong_options_are_told(void **state) {
    (void)state;
    static const struct {
        const char *text, *answer;
    } wrong[] = {
        {"zeros", "--rule 'zeros': expected PATTERN=scheme(arguments)"},
        {"a=", "--rule 'a=': expected PATTERN=scheme(arguments)"},
        {"a=zreos", "--rule 'a=zreos': there is no scheme 'zreos'; did you mean zeros?"},
        {"a=he_norml(gain=exact)", "--rule 'a=he_norml(gain=exact)': there is no scheme "
                                   "'he_norml'; did you mean he_normal?"},
        {"[=ones", "--rule '[=ones': name '[': missing terminating ] for character class at "
                   "offset 1"},
        {"{role: bais, scheme: zeros}", "--rule 7:1: there is no role 'bais'; did you mean bias?"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        owi_rules rules = {0};
        owi_error error = {OWI_OK, ""};
        assert_int_equal(owi_rule_option_read(&arena, wrong[i].text, 7, &rules, &error), OWI_USAGE);
        assert_string_equal(error.text, wrong[i].answer);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_hold_rules_in_order),
        cmocka_unit_test(json_is_read_too),
        cmocka_unit_test(wrong_files_are_told_with_their_line),
        cmocka_unit_test(files_that_cannot_be_read_are_told),
        cmocka_unit_test(memory_that_runs_out_leaks_nothing),
        cmocka_unit_test(the_policy_reads_back),
        cmocka_unit_test(any_text_reads_back),
        cmocka_unit_test(options_are_split_before_the_scheme),
        cmocka_unit_test(wrong_options_are_told),
    };
    return cmocka_run_group_tests_name("rules", tests, set_up, tear_down);
}
