// The live region as Ink draws it: one row of text for each row, already cut to the screen.

import {Box, Text} from 'ink';

/** `lines` hold colour codes and no other escapes. */
export function Screen({lines}: {lines: readonly string[]}) {
  return (
    <Box flexDirection="column">
      {lines.map((line, index) => (
        <Text key={index} wrap="truncate">
          {line}
        </Text>
      ))}
    </Box>
  );
}
