import Testing

@Suite("TerminalDriver")
struct ModuleTests {}
