// Completion scripts for three shells, written from the same tables as the parser. Names of datasets and sessions are asked
// of the program (`ds-agent __names`) when Tab is pressed; everything else stands in the script.

import type {Words} from '../command-table.ts';
import type {Shell} from '../invocation.ts';
import {completedCommands, type Flag, globalFlags} from './tables.ts';

export function completionScript(shell: Shell): string {
  switch (shell) {
    case 'bash':
      return bash();
    case 'zsh':
      return zsh();
    case 'fish':
      return fish();
    default:
      return shell satisfies never;
  }
}

type Value = Flag['value'];

/** Where options of several commands share a name they also share their values; a test holds them to it. */
const valued = new Map(
  [...globalFlags, ...completedCommands.flatMap(command => command.flags)]
    .filter(flag => flag.value !== null)
    .map(flag => [flag.flags.join('|'), flag.value]),
);

const names = completedCommands.map(({name}) => name);

/** A `case` branch that sets `kind` and `list` to what may stand there. */
const branch = (pattern: string, value: Value | undefined): string =>
  `      ${pattern}) ${Array.isArray(value) ? `kind=words list='${value.join(' ')}'` : `kind=${value ?? 'text'}`} ;;`;

/** Which option wants a value, which operand comes next, and which options there are: the same in bash and zsh. */
function cases(): {values: string; operands: string; valueFlags: string} {
  const operands = completedCommands.flatMap(({name, operands: words}) =>
    words.map((each: Words, index) => branch(`${name}:${index === words.length - 1 ? '*' : index}`, each)),
  );
  return {
    values: [...valued].map(([flags, value]) => branch(flags, value)).join('\n'),
    operands: operands.join('\n'),
    valueFlags: [...valued.keys()].join('|'),
  };
}

/** Looks at the words before the one being completed; `$1` on are those words without the name of the program. */
function scan(): string {
  const {valueFlags} = cases();
  return `  while [ $# -gt 0 ]; do
    case "$1" in
      --workspace) [ $# -gt 1 ] && { workspace="$2"; shift; } ;;
      ${valueFlags}) [ $# -gt 1 ] && shift ;;
      -*) ;;
      *) if [ -z "$command" ] && [ $operand -eq 0 ]; then
           case "$1" in ${names.join('|')}) command="$1"; operand=-1 ;; esac
         fi
         operand=$((operand + 1)) ;;
    esac
    shift
  done`;
}

function decide(): string {
  const {values, operands} = cases();
  return `  kind=text list=''
  case "$previous" in
${values}
      *) case "$current" in
        -*) kind=options ;;
        *) case "$command:$operand" in
${operands}
          :0) kind=commands ;;
        esac ;;
      esac ;;
  esac`;
}

const flagWords = (flags: readonly Flag[]) => flags.flatMap(flag => flag.flags).join(' ');

function optionCases(render: (flags: readonly Flag[]) => string): string {
  return [
    ...completedCommands.map(({name, flags}) => `    ${name}) ${render([...flags, ...globalFlags])} ;;`),
    `    *) ${render(globalFlags)} ;;`,
  ].join('\n');
}

function bash(): string {
  return `# Completion of ds-agent for bash. Use it with: source <(ds-agent completion bash)
_ds_agent_decide() {
  local previous="$1" current="$2"; shift 2
  command='' operand=0 workspace=''
${scan()}
${decide()}
}
_ds_agent() {
  local kind list command operand workspace word before=() IFS=$' \\n'
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}"
  # bash splits --option=value at the sign.
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do [ "$word" = = ] || before+=("$word"); done
  if [ "$current" = = ]; then current=''
  elif [ "$previous" = = ]; then previous="\${COMP_WORDS[COMP_CWORD-2]}"; fi
  _ds_agent_decide "$previous" "$current" "\${before[@]}"
  COMPREPLY=()
  case "$kind" in
    files) compopt -o filenames 2>/dev/null; IFS=$'\\n'; COMPREPLY=($(compgen -f -- "$current")) ;;
    folders) compopt -o filenames 2>/dev/null; IFS=$'\\n'; COMPREPLY=($(compgen -d -- "$current")) ;;
    datasets|sessions|models) list="$("\${COMP_WORDS[0]}" __names "$kind" \${workspace:+--workspace "$workspace"} 2>/dev/null)" ;;
    commands) list='${names.join(' ')}' ;;
    options) case "$command" in
${optionCases(flags => `list='${flagWords(flags)}'`)}
    esac ;;
  esac
  [ -n "$list" ] && COMPREPLY=($(compgen -W "$list" -- "$current"))
  return 0
}
complete -F _ds_agent ds-agent
`;
}

/** As \`_describe\` wants it: name:what it does. */
const zshItems = (items: readonly {name: string; about: string}[]) =>
  items.map(({name, about}) => `'${name}:${about.replaceAll("'", "'\\''").replaceAll(':', '\\:')}'`).join(' ');

function zsh(): string {
  return `#compdef ds-agent
# Completion of ds-agent for zsh. Use it with: source <(ds-agent completion zsh), after compinit; or save it as _ds-agent
# in a folder of $fpath.
_ds_agent_decide() {
  emulate -L sh
  local previous="$1" current="$2"; shift 2
  command='' operand=0 workspace=''
${scan()}
${decide()}
}
_ds_agent() {
  local kind list command operand workspace found items
  local current="\${words[CURRENT]}" previous="\${words[CURRENT-1]}"
  if [[ "$current" == --*=* ]]; then
    previous="\${current%%=*}"
    compset -P '*='
  fi
  _ds_agent_decide "$previous" "$current" "\${(@)words[2,CURRENT-1]}"
  case "$kind" in
    files) _files ;;
    folders) _files -/ ;;
    datasets|sessions|models) found=("\${(@f)$("\${words[1]}" __names "$kind" \${workspace:+--workspace} $workspace 2>/dev/null)}")
      compadd -V names -- "\${(@)found:#}" ;;
    words) compadd -- \${=list} ;;
    commands) items=(${zshItems(completedCommands)}); _describe command items ;;
    options) case "$command" in
${optionCases(list => `items=(${zshItems(list.flatMap(flag => flag.flags.map(name => ({name, about: flag.about}))))})`)}
      esac
      _describe -o option items ;;
  esac
}
if [ "$funcstack[1]" = "_ds_agent" ]; then _ds_agent "$@"; else compdef _ds_agent ds-agent; fi
`;
}

function fish(): string {
  const text = (about: string) => `'${about.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
  const values = (value: Value): string => {
    if (value === null) return '';
    if (value === 'files') return ' -r -F';
    if (value === 'folders') return " -x -a '(__fish_complete_directories)'";
    if (value === 'text') return ' -x';
    return typeof value === 'string' ? ` -x -a '(__ds_agent_names ${value})'` : ` -x -a '${value.join(' ')}'`;
  };
  const spelled = ({flags}: Flag) =>
    flags.map(flag => (flag.startsWith('--') ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`)).join(' ');
  const flagLine = (flag: Flag, condition = '') =>
    `complete -c ds-agent${condition} ${spelled(flag)}${values(flag.value)} -d ${text(flag.about)}`;
  const operandLines = completedCommands.flatMap(({name, operands}) =>
    operands.map((words: Words, index) => {
      const last = index === operands.length - 1 ? '-ge' : '-eq';
      const condition = ` -n '__ds_agent_at ${name} ${last} ${index}'`;
      return `complete -c ds-agent${condition}${values(words).replace(' -r -F', ' -F').replace(' -x', '')}`;
    }),
  );
  return `# Completion of ds-agent for fish. Use it with: ds-agent completion fish | source
function __ds_agent_names
  set -l tokens (commandline -opc)
  set -l at (contains -i -- --workspace $tokens)
  set -l more
  test -n "$at"; and set more --workspace $tokens[(math $at + 1)]
  $tokens[1] __names $argv $more 2>/dev/null
end
# True when the words before the cursor are the command (none is '') and as many operands as asked for.
function __ds_agent_at
  set -l tokens (commandline -opc)
  set -l command ''
  set -l operands 0
  set -l skip 0
  for token in $tokens[2..-1]
    if test $skip -eq 1
      set skip 0
      continue
    end
    switch $token
      case ${[...valued.keys()].join(' ').replaceAll('|', ' ')}
        set skip 1
      case '-*'
      case '*'
        if test -z "$command" -a $operands -eq 0; and contains -- $token ${names.join(' ')}
          set command $token
        else
          set operands (math $operands + 1)
        end
    end
  end
  test "$command" = "$argv[1]"; and test $operands $argv[2] $argv[3]
end
complete -c ds-agent -f
${completedCommands.map(({name, about}) => `complete -c ds-agent -n "__ds_agent_at '' -eq 0" -a ${name} -d ${text(about)}`).join('\n')}
${operandLines.join('\n')}
${globalFlags.map(flag => flagLine(flag)).join('\n')}
${completedCommands.flatMap(({name, flags}) => flags.map(flag => flagLine(flag, ` -n '__ds_agent_at ${name} -ge 0'`))).join('\n')}
`;
}
