// The live region as Ink draws it: one row of text for each row, already cut to the screen.

import {Box, Text, useCursor, useStdout} from 'ink';
import type {LiveRegion} from './live-region.ts';

export type ScreenProps = {region: LiveRegion; onWrite(write: (data: string) => void): void};

/** The rows and the cursor; `onWrite` gets the way to write finished text above them. */
export function Screen({region, onWrite}: ScreenProps) {
  const {write} = useStdout();
  const {setCursorPosition} = useCursor();
  onWrite(write);
  setCursorPosition(region.cursor);
  return (
    <Box flexDirection="column">
      {region.lines.map((line, index) => (
        <Text key={index} wrap="truncate">
          {line}
        </Text>
      ))}
    </Box>
  );
}
