//! From the derive's input to the implementations.

use proc_macro2::TokenStream;
use quote::quote;
use syn::ext::IdentExt as _;
use syn::{Attribute, Data, DataEnum, DeriveInput, Error, Fields, LitStr, Result};

pub(crate) fn expand(input: &DeriveInput) -> Result<TokenStream> {
    if !input.generics.params.is_empty() {
        return Err(Error::new_spanned(
            &input.generics,
            "argument types are not generic",
        ));
    }
    match &input.data {
        Data::Struct(data) => structure(input, &data.fields),
        Data::Enum(data) => match options(&input.attrs, "tag")?.pop() {
            Some(tag) => union(input, data, &tag),
            None => strings(input, data),
        },
        Data::Union(_) => Err(Error::new_spanned(
            input,
            "an argument type is a struct or an enum",
        )),
    }
}

/// The values of `#[args(key = "…")]`, in order; any other key is an error.
fn options(attributes: &[Attribute], key: &str) -> Result<Vec<LitStr>> {
    let mut values = Vec::new();
    for attribute in attributes.iter().filter(|a| a.path().is_ident("args")) {
        attribute.parse_nested_meta(|meta| {
            if !meta.path.is_ident(key) {
                return Err(meta.error(format!("only `{key}` can be said here")));
            }
            values.push(meta.value()?.parse()?);
            Ok(())
        })?;
    }
    Ok(values)
}

fn structure(input: &DeriveInput, fields: &Fields) -> Result<TokenStream> {
    let mut lines = Vec::new();
    for field in fields {
        let Some(ident) = &field.ident else {
            return Err(Error::new_spanned(field, "an argument has a name"));
        };
        let name = match options(&field.attrs, "name")?.pop() {
            Some(name) => name,
            None => LitStr::new(&ident.unraw().to_string(), ident.span()),
        };
        lines.push(quote! { #ident: object.field(#name)? });
    }
    let object = if lines.is_empty() {
        quote!(_)
    } else {
        quote!(object)
    };
    Ok(decode(
        input,
        &quote! {
            let #object = ::toolwright_runtime::json::Object::of(value)?;
            Ok(Self { #(#lines),* })
        },
    ))
}

fn strings(input: &DeriveInput, data: &DataEnum) -> Result<TokenStream> {
    let mut names = Vec::new();
    let mut reads = Vec::new();
    let mut writes = Vec::new();
    for variant in &data.variants {
        if !matches!(variant.fields, Fields::Unit) {
            let message = "a variant with a value needs `#[args(tag = \"…\")]` on the enum";
            return Err(Error::new_spanned(variant, message));
        }
        let ident = &variant.ident;
        let name = match options(&variant.attrs, "name")?.pop() {
            Some(name) => name,
            None => LitStr::new(&ident.unraw().to_string(), ident.span()),
        };
        let index = names.len();
        reads.push(quote! { #index => Ok(Self::#ident) });
        writes.push(quote! { Self::#ident => #name });
        names.push(name);
    }
    last_for_all(&mut reads, input)?;
    let reading = decode(
        input,
        &quote! {
            match ::toolwright_runtime::derive::decode_variant(value, &[#(#names),*])? {
                #(#reads),*
            }
        },
    );
    let ident = &input.ident;
    Ok(quote! {
        #reading

        impl ::toolwright_runtime::Encode for #ident {
            fn encode(&self) -> ::core::option::Option<::toolwright_runtime::Param<'_>> {
                ::core::option::Option::Some(::toolwright_runtime::Param::Text(
                    ::toolwright_runtime::derive::borrowed(match self { #(#writes),* })
                ))
            }
        }
    })
}

fn union(input: &DeriveInput, data: &DataEnum, tag: &LitStr) -> Result<TokenStream> {
    let mut names = Vec::new();
    let mut reads = Vec::new();
    for variant in &data.variants {
        if variant.fields.len() != 1 || !matches!(variant.fields, Fields::Unnamed(_)) {
            return Err(Error::new_spanned(
                variant,
                "a variant of a tagged union holds one value",
            ));
        }
        let ident = &variant.ident;
        let mut of_variant = options(&variant.attrs, "name")?;
        if of_variant.is_empty() {
            of_variant.push(LitStr::new(&ident.unraw().to_string(), ident.span()));
        }
        for name in of_variant {
            let index = names.len();
            reads.push(
                quote! { #index => ::toolwright_runtime::Decode::decode(value).map(Self::#ident) },
            );
            names.push(name);
        }
    }
    last_for_all(&mut reads, input)?;
    Ok(decode(
        input,
        &quote! {
            match ::toolwright_runtime::derive::decode_tag(value, #tag, &[#(#names),*])? {
                #(#reads),*
            }
        },
    ))
}

/// The runtime answers with a position in the list, which the compiler cannot know: the last arm takes the rest.
fn last_for_all(reads: &mut [TokenStream], input: &DeriveInput) -> Result<()> {
    let Some(last) = reads.last_mut() else {
        return Err(Error::new_spanned(
            input,
            "an enum of arguments has at least one variant",
        ));
    };
    let arm: TokenStream = last.clone().into_iter().skip(1).collect();
    *last = quote! { _ #arm };
    Ok(())
}

fn decode(input: &DeriveInput, body: &TokenStream) -> TokenStream {
    let ident = &input.ident;
    quote! {
        impl ::toolwright_runtime::Decode for #ident {
            fn decode(
                value: &::toolwright_runtime::json::Value<'_>,
            ) -> ::toolwright_runtime::Result<Self> {
                #body
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use syn::parse_quote;

    use super::expand;

    #[test]
    fn types_that_cannot_be_arguments_are_refused_with_a_reason() {
        let cases = [
            (
                parse_quote! { struct A<T> { a: T } },
                "argument types are not generic",
            ),
            (parse_quote! { struct A(String); }, "an argument has a name"),
            (
                parse_quote! { struct A { #[args(nmae = "b")] a: u8 } },
                "only `name` can be said here",
            ),
            (
                parse_quote! { enum A {} },
                "an enum of arguments has at least one variant",
            ),
            (
                parse_quote! { enum A { B(u8) } },
                "a variant with a value needs",
            ),
            (
                parse_quote! { #[args(tag = "t")] enum A { B } },
                "a variant of a tagged union holds one value",
            ),
            (
                parse_quote! { union A { a: u8 } },
                "an argument type is a struct or an enum",
            ),
        ];
        for (input, expected) in cases {
            let message = expand(&input).map(|_| ()).unwrap_err().to_string();
            assert!(message.contains(expected), "{message}");
        }
    }

    #[test]
    fn each_field_costs_one_call() {
        let input = parse_quote! { struct A { r#type: u8, #[args(name = "b-c")] b_c: Option<u8> } };
        let text = expand(&input)
            .map(|tokens| tokens.to_string())
            .unwrap_or_default();
        assert!(
            text.contains(
                "r#type : object . field (\"type\") ? , b_c : object . field (\"b-c\") ?"
            ),
            "{text}"
        );
    }
}
