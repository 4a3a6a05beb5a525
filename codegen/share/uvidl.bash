# uvidl.bash -- completion for bash. Options and sub-commands are what uvidl --help says.

_uvidl()
{
    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}
    local uvidl=${COMP_WORDS[0]} help subcommands subcommand=

    COMPREPLY=()
    help=$("$uvidl" --help 2>/dev/null)
    subcommands=$(sed -n '/^Sub-commands/,$s/^  \([a-z]*\) .*/\1/p' <<<"$help")
    if ((COMP_CWORD > 1)) && grep -qx -- "${COMP_WORDS[1]}" <<<"$subcommands"; then
        subcommand=${COMP_WORDS[1]}
        help=$("$uvidl" "$subcommand" --help 2>/dev/null)
    fi
    case $before in
    -o | -I)
        compopt -o dirnames
        return
        ;;
    --explain)
        mapfile -t COMPREPLY < <(compgen -W "list $("$uvidl" --explain list)" -- "$word")
        return
        ;;
    --diagnostics)
        mapfile -t COMPREPLY < <(compgen -W 'text json' -- "$word")
        return
        ;;
    esac
    if [[ $word == -Wno-* ]]; then
        mapfile -t COMPREPLY < <(compgen -P -Wno- -W "$("$uvidl" --explain list)" -- "${word#-Wno-}")
        return
    fi
    if [[ $word == -* ]]; then
        mapfile -t COMPREPLY < <(compgen -W "$(sed -n 's/^  \(-[-a-zA-Z]*\).*/\1/p' <<<"$help")" -- "$word")
        return
    fi
    mapfile -t COMPREPLY < <(
        if ((COMP_CWORD == 1)); then
            compgen -W "$subcommands" -- "$word"
        fi
        compgen -f -X '!*.idl' -- "$word"
        compgen -d -- "$word"
    )
    compopt -o filenames
}

complete -F _uvidl uvidl
