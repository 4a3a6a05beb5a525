/*
 * cmd_uuid.c -- uvidl --new-uuid: an id that nobody has, as text for [uuid(...)].
 */
#include <errno.h>
#include <string.h>
#include <sys/random.h>

#include "codegen/subcommand.h"
#include "codegen/types.h"

/* Version 4 of RFC 9562: random bits but for the version and the variant. */
static bool make_uuid(struct guid *guid)
{
    ssize_t length;

    do
        length = getrandom(guid, sizeof *guid, 0);
    while (length < 0 && errno == EINTR);
    guid->data3 = (uint16_t)((guid->data3 & 0x0fffu) | 0x4000u);
    guid->data4[0] = (uint8_t)((guid->data4[0] & 0x3fu) | 0x80u);
    return length == (ssize_t)sizeof *guid;
}

int new_uuid_run(struct command *command)
{
    struct out out = {.is_plain = true};
    struct guid guid = {0};
    int status;

    if (!make_uuid(&guid)) {
        fprintf(command->messages, "uvidl: the system gives no random bytes: %s\n",
                strerror(errno));
        return EXIT_USAGE;
    }
    OUT(&out, "${uuid}\n", {"uuid", guid_text(&command->pool, &guid)});
    status = command_print(command, &out);
    out_fini(&out);
    return status;
}
