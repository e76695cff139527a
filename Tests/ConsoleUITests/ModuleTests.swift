import Testing

@Suite("ConsoleUI")
struct ModuleTests {}
