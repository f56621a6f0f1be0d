/**
 * Writes the agent as hosts get it into `folder`, which is made anew: `tidewaiter-agent.cjs`, what it loads when it is
 * needed, and the child that asks for the inventory. Returns the path of the program.
 */
export declare function bundleAgent(folder: string): Promise<string>
