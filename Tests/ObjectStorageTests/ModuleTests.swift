import Testing

@Suite("ObjectStorage")
struct ModuleTests {}
