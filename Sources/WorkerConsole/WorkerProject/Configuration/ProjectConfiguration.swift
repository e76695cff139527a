/// Everything that a project's files say, resolved for one environment, with what is wrong in them.
package struct ProjectConfiguration: Sendable, Equatable {
    /// A variable that the Worker sees in development.
    package struct Variable: Sendable, Equatable {
        package let name: String
        package let value: ConfigurationValue
        /// It comes from `.dev.vars` or `.env`, so it is hidden unless asked for.
        package let isSecret: Bool

        package init(name: String, value: ConfigurationValue, isSecret: Bool) {
            self.name = name
            self.value = value
            self.isSecret = isSecret
        }
    }

    /// Folder of the wrangler file, or the folder that was asked for when there is none; absolute.
    package var root: String
    /// Where the wrangler file was looked for first; `nil` when it was not looked for.
    package var start: String?
    package var wrangler: WranglerConfiguration
    /// Variables as the Worker sees them in development, `.dev.vars` or `.env` over `vars`.
    package var variables: [Variable]
    package var console: ConsoleConfiguration
    /// Why nothing could be read of the wrangler file that was found: it does not parse, or cannot be read.
    package var wranglerFault: ConfigurationFinding?
    /// Why nothing could be read of `worker-console.toml`.
    package var consoleFault: ConfigurationFinding?
    /// In the order of the files; errors, warnings and notes mixed.
    package var findings: [ConfigurationFinding]

    package init(
        root: String, wrangler: WranglerConfiguration = WranglerConfiguration(), variables: [Variable] = [],
        console: ConsoleConfiguration = ConsoleConfiguration(), findings: [ConfigurationFinding] = []
    ) {
        self.root = root
        self.wrangler = wrangler
        self.variables = variables
        self.console = console
        self.findings = findings
    }

    /// wrangler itself would stop with an error on these files.
    package var wouldWranglerRefuse: Bool { self.findings.contains(where: \.refusedByWrangler) }
}
