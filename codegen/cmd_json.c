/*
 * cmd_json.c -- uvidl --json: the checked trees of all files as one JSON text on standard output.
 */
#include "codegen/json_tree.h"
#include "codegen/names.h"
#include "codegen/subcommand.h"

static int put_unit(struct command *command, struct json_tree *tree, struct idl **idl,
                    const char *path)
{
    int status = command_compile(command, path, idl);

    if (status != EXIT_DONE)
        return status;
    json_tree_unit(tree, idl_main_file(*idl));
    return command_print_messages(command, *idl);
}

int json_run(struct command *command)
{
    struct out out = {.is_plain = true};
    struct json_tree tree = {.json = {.out = &out}, .pool = &command->pool};
    struct idl *idl = NULL;
    int worst = EXIT_DONE;

    json_open(&tree.json, NULL);
    json_text(&tree.json, "format", "uvidl-tree");
    json_number(&tree.json, "version", JSON_TREE_VERSION, true);
    json_text(&tree.json, "compiler", "uvidl " UVIDL_VERSION);
    json_open_list(&tree.json, "units");
    for (size_t i = 0; i < command->options.file_count; i++) {
        int status = put_unit(command, &tree, &idl, command->options.files[i]);

        worst = status > worst ? status : worst;
    }
    json_close_list(&tree.json);
    json_close(&tree.json);
    out_put(&out, "\n");
    if (worst == EXIT_DONE)
        worst = command_print(command, &out);
    idl_destroy(idl);
    out_fini(&out);
    return worst;
}
