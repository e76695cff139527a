import Testing

@Suite("Widgets")
struct ModuleTests {}
