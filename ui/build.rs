fn main() -> Result<(), slint_build::CompileError> {
    let config = slint_build::CompilerConfiguration::new()
        .with_style("fluent-light".into())
        .with_bundled_translations("lang")
        // One meaning for one Vietnamese sentence, wherever it stands.
        .with_default_translation_context(slint_build::DefaultTranslationContext::None)
        // The tour and the tests find elements by their labels; Slint keeps labels findable only with this.
        .with_debug_info(true);
    slint_build::compile_with_config("app.slint", config)
}
