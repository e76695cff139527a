import Testing

@Suite("Application")
struct ModuleTests {}
