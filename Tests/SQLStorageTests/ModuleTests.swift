import Testing

@Suite("SQLStorage")
struct ModuleTests {}
