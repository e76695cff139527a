import Testing

@Suite("TerminalCanvas")
struct ModuleTests {}
