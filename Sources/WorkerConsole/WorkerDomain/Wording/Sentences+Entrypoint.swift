extension Sentences {
    /// What deploying a source does.
    static let entrypoint: [Phrase] = [
        // Rules.
        Phrase(
            "the flag disable_python_no_global_handlers keeps the rules from before 2025-08-14",
            "标志 disable_python_no_global_handlers 保留 2025-08-14 之前的规则"),
        Phrase("the flag python_no_global_handlers is set", "设置了标志 python_no_global_handlers"),
        Phrase(
            "python_no_global_handlers is the default from compatibility date 2025-08-14 on",
            "从兼容日期 2025-08-14 起默认启用 python_no_global_handlers"),
        Phrase(
            "compatibility date %1 is before 2025-08-14, when python_no_global_handlers became the default",
            "兼容日期 %1 早于 2025-08-14，从那时起才默认启用 python_no_global_handlers"),
        Phrase(
            "only a function named on_fetch, or a class Default(WorkerEntrypoint) with on_fetch, registers, because %1",
            "只有名为 on_fetch 的函数，或带 on_fetch 的 Default(WorkerEntrypoint) 类会注册，依据：%1"),
        Phrase(
            "enable_python_external_sdk is the default from 2026-04-21 on (workerd compatibility-date.capnp); even an empty source fails, because the runtime itself imports it",
            "从 2026-04-21 起默认启用 enable_python_external_sdk（workerd compatibility-date.capnp）；即使源代码为空也会失败，因为运行时自己会导入它"),
        Phrase("seen by running it in workerd", "在 workerd 中运行验证"),
        // Verdicts.
        Phrase(
            "The `python_workers` compatibility flag is required to use Python.", "使用 Python 需要兼容性标志 `python_workers`。"),
        Phrase("%1 could not be read.", "无法读取 %1。"),
        Phrase(
            "Deploying gives error 10068: the uploaded script has no registered event handlers.",
            "部署会得到错误 10068：上传的脚本没有注册任何事件处理函数。"),
        Phrase("The script fails while it starts: %1", "脚本启动时失败：%1"),
        Phrase(
            "The script fails while it starts: No module named 'workers'. From compatibility date 2026-04-21 on the runtime no longer brings it.",
            "脚本启动时失败：No module named 'workers'。从兼容日期 2026-04-21 起，运行时不再自带它。"),
        Phrase("python_modules/workers is not there", "python_modules/workers 不存在"),
        Phrase("no registration was found, and %1", "没有发现注册，并且%1"),
        Phrase(
            "no fetch handler registers, and whether the class %1 alone is enough for an upload is not known",
            "没有 fetch 处理函数注册，且不知道仅有类 %1 是否足以上传"),
        Phrase("the names in __all__ are not known", "__all__ 中的名称未知"),
        Phrase("the module has a __dir__ of its own", "模块定义了自己的 __dir__"),
        Phrase("the module has a __getattr__ of its own", "模块定义了自己的 __getattr__"),
        Phrase("the name of the class %1 is set at run time", "类 %1 的名称在运行时设置"),
        Phrase("what the class %1 inherits from cannot be followed", "无法追踪类 %1 的继承关系"),
        Phrase("what %1 is cannot be followed", "无法追踪 %1 是什么"),
        Phrase("what %1 is cannot be followed: it is in a package", "无法追踪 %1 是什么：它在包里"),
        Phrase(
            "There is no 'Default' class defined in the Python Worker's main module",
            "Python Worker 的主模块中没有定义 Default 类"),
        Phrase("the class Default registers; what calling it gives cannot be followed", "Default 类已注册；无法追踪调用它的结果"),
        Phrase("the class Default registers; what its %1 does cannot be followed", "Default 类已注册；无法追踪其 %1 的行为"),
        Phrase("Method %1 does not exist", "方法 %1 不存在"),
        Phrase("%1 is not a function", "%1 不是函数"),
        Phrase(
            "a fetch handler registers; which of %1 classes Default it is, is known only at run time",
            "fetch 处理函数已注册；%1 个 Default 类中用哪一个要到运行时才知道"),
        Phrase("what on_fetch is cannot be followed", "无法追踪 on_fetch 是什么"),
        Phrase(
            "the handler returns %1, and the Promise did not resolve to 'Response'", "处理函数返回 %1，而 Promise 没有得到 Response"
        ),
        Phrase("%1; the source catches it and responds with %2", "%1；源代码捕获它并返回 %2"),
        Phrase("%1 is raised, and the source catches it", "会抛出 %1，而源代码会捕获它"),
        Phrase(
            "a fetch handler registers; what a request does cannot be followed to its end: %1",
            "fetch 处理函数已注册；无法把请求追踪到底：%1"),
        Phrase(
            "a fetch handler registers; on some path it returns %1 and no Response",
            "fetch 处理函数已注册；某条路径返回 %1 而不是 Response"),
        Phrase("a fetch handler registers; what it returns cannot be followed", "fetch 处理函数已注册；无法追踪它的返回值"),
        Phrase("A fetch handler registers and responds.", "fetch 处理函数已注册，并会返回响应。"),
        Phrase("coroutine that was not awaited", "没有 await 的协程"),
        Phrase("list or tuple", "列表或元组"),
        // Near misses.
        Phrase("%1 has no function or class that looks like a handler", "%1 中没有像处理函数的函数或类"),
        Phrase(
            "%1 fetch at the top level: a global function named fetch never registers, at any date",
            "最外层的 %1 fetch：名为 fetch 的全局函数在任何日期下都不会注册"),
        Phrase(
            "%1 on_fetch at the top level: it registered before 2025-08-14 only; %2",
            "最外层的 %1 on_fetch：它只在 2025-08-14 之前会注册；%2"),
        Phrase("%1 %2 at the top level: a function of this name does not register", "最外层的 %1 %2：这个名称的函数不会注册"),
        Phrase(
            "class %1(WorkerEntrypoint): its own name must be Default, another name for it does not count",
            "class %1(WorkerEntrypoint)：它自己的名称必须是 Default，别名不算"),
        Phrase(
            "class Default(WorkerEntrypoint): __all__ does not list it", "class Default(WorkerEntrypoint)：__all__ 没有列出它"
        ),
        Phrase("class %1: it does not inherit from WorkerEntrypoint", "class %1：它没有继承 WorkerEntrypoint"),
        Phrase("%1 = {…}: no such form exists in a Python Worker", "%1 = {…}：Python Worker 没有这种写法"),
        Phrase("%1: an instance does not register", "%1：实例不会注册"),
        // What cannot be followed.
        Phrase("a star import that cannot be followed", "无法追踪的星号导入"),
        Phrase("the names of a star import are not known", "星号导入的名称未知"),
        Phrase("whether the runtime has the module %1 is not known", "不知道运行时是否有模块 %1"),
        Phrase("the package %1 is declared and not in python_modules/ yet", "已声明包 %1，但它还不在 python_modules/ 中"),
        Phrase("modules that import each other", "互相导入的模块"),
        Phrase("more than 64 modules", "模块超过 64 个"),
        Phrase("%1 has the name of a module of the standard library", "%1 与标准库模块同名"),
        Phrase("%1 cannot be read: %2", "无法读取 %1：%2"),
        Phrase("the name %1 of module %2 is not known", "模块 %2 的名称 %1 未知"),
        Phrase("whether the SDK of this date has %1 is not known", "不知道此日期的 SDK 是否有 %1"),
        Phrase("whether JavaScript has the global %1 is not known", "不知道 JavaScript 是否有全局对象 %1"),
        Phrase("the source is too long to be followed to its end", "源代码太长，无法追踪到底"),
        Phrase("the source is nested too deep to be followed to its end", "源代码嵌套太深，无法追踪到底"),
        Phrase("may raise %1", "可能抛出 %1"),
        Phrase("an assertion may fail", "断言可能失败"),
        Phrase("a loop at start may not end", "启动时的循环可能不会结束"),
        Phrase("an exception handler whose type is not known", "类型未知的异常处理"),
        Phrase("an attribute of something unknown is set", "给未知对象设置了属性"),
        Phrase("names are made at run time through globals()", "通过 globals() 在运行时创建名称"),
        Phrase("the headers of a fetched response are changed", "修改了所取得响应的头字段"),
        Phrase("modules are replaced at run time", "在运行时替换模块"),
        Phrase("a call that cannot be followed", "无法追踪的调用"),
        Phrase("a fetch at start", "启动时调用 fetch"),
        Phrase("the request of the SDK is given to the JavaScript fetch", "把 SDK 的请求对象传给了 JavaScript 的 fetch"),
        Phrase("Response.new with a dict as headers", "Response.new 用字典作头字段"),
        Phrase("%1 is called at start", "启动时调用了 %1"),
        Phrase("%1 is called", "调用了 %1"),
        Phrase("what %1 does is not known here", "此处不知道 %1 的行为"),
        Phrase("unknown options", "未知的选项"),
        Phrase("the options of a JavaScript call are not known", "JavaScript 调用的选项未知"),
        Phrase("a nested dict in the options of fetch", "fetch 的选项中有嵌套的字典"),
        Phrase("unknown headers", "未知的头字段"),
        Phrase("the body of a Response is not known", "Response 的正文未知"),
        Phrase("a dict as the status of a Response", "用字典作 Response 的状态"),
        Phrase("a text is read as a number", "把文本当作数字读取"),
        Phrase("a file is opened", "打开了文件"),
        Phrase("setattr is used on something that is not known", "对未知对象使用 setattr"),
        Phrase("a decorator that cannot be followed", "无法追踪的装饰器"),
        Phrase("a class is made at run time of what is not known", "在运行时用未知内容创建类"),
        Phrase(
            "the SDK with asgi.entrypoint is not in python_modules/ yet",
            "带 asgi.entrypoint 的 SDK 还不在 python_modules/ 中"),
        Phrase("calls too deep to be followed", "调用太深，无法追踪"),
        Phrase("an operation with zero", "可能除以零的运算"),
        Phrase("a name is looked up in globals()", "在 globals() 中查找名称"),
        Phrase("whether os.environ has that name is not known", "不知道 os.environ 是否有该名称"),
        Phrase("%1 is neither a binding nor a variable of the configuration", "%1 既不是配置中的绑定，也不是变量"),
        Phrase("a secret of that name cannot be seen here", "此处看不到同名的机密变量"),
    ]
}
