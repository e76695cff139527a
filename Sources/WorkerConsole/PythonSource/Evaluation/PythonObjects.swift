/// What is made while a source is followed, until it is followed to its end.
///
/// Objects refer to each other in circles and in rows of any length: freed one by the other, circles would stay and a long
/// row would take the whole stack.
final class PythonObjects {
    private var scopes: [PythonScope] = []
    private var instances: [InstanceObject] = []
    private var types: [ClassObject] = []

    func scope(parent: PythonScope?) -> PythonScope {
        let scope = PythonScope(parent: parent)
        self.scopes.append(scope)
        return scope
    }

    func module(name: String, file: String, isPackage: Bool = false) -> ModuleObject {
        let module = ModuleObject(name: name, file: file, isPackage: isPackage)
        self.scopes.append(module.scope)
        return module
    }

    func instance(of type: ClassObject) -> InstanceObject {
        let object = InstanceObject(type)
        self.instances.append(object)
        return object
    }

    func type(name: String, place: String, bases: [PythonValue]) -> ClassObject {
        let type = ClassObject(name: name, place: place, bases: bases)
        self.types.append(type)
        return type
    }

    /// Lets go of everything; nothing that was found may be asked afterwards.
    func clear() {
        for scope in self.scopes { scope.names = [:] }
        for object in self.instances { object.attributes = [:] }
        for type in self.types { type.clear() }
        (self.scopes, self.instances, self.types) = ([], [], [])
    }
}
